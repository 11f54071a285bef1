package io.kanana.core.tokenizer;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Byte-pair encoding of one piece of text: its symbols are merged, the pair of lowest rank first
 * and the leftmost of equals (Sennrich et al. 2016, arXiv:1508.07909). Immutable.
 */
final class BpeModel {
  /** A merge of two tokens, by their ids. */
  record Merge(int left, int right) {}

  /**
   * What {@code tokenizer.json} says about the model beside vocabulary and merges.
   *
   * @param unknownToken stands for symbols outside the vocabulary; null: those are left out
   * @param fuseUnknown whether neighbouring unknown symbols become one token
   * @param byteFallback whether an unknown character becomes the tokens {@code <0xXX>} of its bytes
   * @param ignoreMerges whether a piece that is itself a token is not merged
   */
  record Options(
      String unknownToken, boolean fuseUnknown, boolean byteFallback, boolean ignoreMerges) {}

  /** Up to this length scanning for the best pair beats keeping a heap. */
  private static final int SHORT_PIECE = 48;

  private final Map<String, Integer> ids;
  private final String[] tokens;
  private final List<Merge> merges;
  private final Options options;
  private final boolean byteLevel;
  private final MergeTable mergeTable;
  private final int[] byteIds = new int[256];
  private final int unknownId;

  /**
   * @param vocabulary token to id
   * @param merges in order of rank; every merged token is in the vocabulary
   * @param byteLevel whether tokens are written in the {@link ByteAlphabet}
   */
  BpeModel(
      Map<String, Integer> vocabulary, List<Merge> merges, Options options, boolean byteLevel) {
    this.ids = new HashMap<>(vocabulary);
    this.merges = List.copyOf(merges);
    this.options = options;
    this.byteLevel = byteLevel;
    int last = vocabulary.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    tokens = new String[last + 1];
    vocabulary.forEach((token, id) -> tokens[id] = token);
    mergeTable = new MergeTable(merges.size());
    for (int rank = 0; rank < merges.size(); rank++) {
      Merge merge = merges.get(rank);
      String merged = tokens[merge.left] + tokens[merge.right];
      mergeTable.put(merge.left, merge.right, rank, ids.get(merged));
    }
    for (int b = 0; b < 256; b++) {
      byteIds[b] = id(byteLevel ? String.valueOf(ByteAlphabet.charOf(b)) : fallbackToken(b));
    }
    unknownId = options.unknownToken == null ? -1 : ids.get(options.unknownToken);
  }

  private static String fallbackToken(int b) {
    return String.format(Locale.ROOT, "<0x%02X>", b);
  }

  Options options() {
    return options;
  }

  List<Merge> merges() {
    return merges;
  }

  /** One more than the largest id. */
  int size() {
    return tokens.length;
  }

  int id(String token) {
    return ids.getOrDefault(token, -1);
  }

  /** The token of an id, or null where there is none. */
  String token(int id) {
    return id < tokens.length ? tokens[id] : null;
  }

  /**
   * Encodes {@code text[from, to)} into the symbols of a workspace, without a cache: {@code
   * space.ids[0, space.count)} with the number of UTF-8 bytes of each.
   */
  void encode(char[] text, int from, int to, BpeWorkspace space) {
    space.utf8(text, from, to);
    if (options.ignoreMerges) {
      int whole = id(key(text, from, to, space));
      if (whole >= 0) {
        space.single(whole);
        return;
      }
    }
    if (byteLevel) {
      seedBytes(space);
    } else {
      seedCharacters(text, from, to, space);
    }
    if (space.count <= SHORT_PIECE) {
      space.mergeShort(mergeTable);
    } else {
      space.mergeLong(mergeTable);
    }
  }

  private String key(char[] text, int from, int to, BpeWorkspace space) {
    return byteLevel
        ? ByteAlphabet.encode(space.bytes, 0, space.byteCount)
        : new String(text, from, to - from);
  }

  private void seedBytes(BpeWorkspace space) {
    space.start();
    for (int i = 0; i < space.byteCount; i++) {
      int id = byteIds[space.bytes[i] & 0xFF];
      if (id >= 0) {
        space.known(id, 1);
      } else if (unknownId >= 0) {
        space.unknown(unknownId, 1, options.fuseUnknown);
      }
    }
    space.flushUnknown();
  }

  private void seedCharacters(char[] text, int from, int to, BpeWorkspace space) {
    space.start();
    int at = 0;
    for (int i = from; i < to; ) {
      int width = CharClasses.width(text, i);
      int bytes = BpeWorkspace.utf8Length(text[i]);
      int id = id(new String(text, i, width));
      if (id >= 0) {
        space.known(id, bytes);
      } else if (options.byteFallback && hasFallback(space, at, bytes)) {
        for (int b = at; b < at + bytes; b++) {
          space.append(byteIds[space.bytes[b] & 0xFF], 1);
        }
      } else if (unknownId >= 0) {
        space.unknown(unknownId, bytes, options.fuseUnknown);
      }
      at += bytes;
      i += width;
    }
    space.flushUnknown();
  }

  private boolean hasFallback(BpeWorkspace space, int at, int count) {
    for (int b = at; b < at + count; b++) {
      if (byteIds[space.bytes[b] & 0xFF] < 0) {
        return false;
      }
    }
    return true;
  }
}
