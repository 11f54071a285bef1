package io.kanana.core.tokenizer;

/** Collects tokens, and where they come from if asked to. */
final class TokenSink {
  final IntList ids;
  final IntList starts;
  final IntList ends;
  private int[] unitOfByte = new int[0];

  /**
   * @param expected about how many tokens there will be
   */
  TokenSink(int expected, boolean offsets) {
    ids = new IntList(expected);
    starts = offsets ? new IntList(expected) : null;
    ends = offsets ? new IntList(expected) : null;
  }

  boolean offsets() {
    return starts != null;
  }

  /** Adds a token that stands for {@code text[from, to)}. */
  void add(int id, Text text, int from, int to) {
    ids.add(id);
    if (offsets()) {
      starts.add(text.starts()[from]);
      ends.add(text.ends()[to - 1]);
    }
  }

  /** Adds a token that stands for nothing in the text. */
  void added(int id) {
    ids.add(id);
    if (offsets()) {
      starts.add(0);
      ends.add(0);
    }
  }

  /** Adds the tokens of another sink. */
  void addAll(TokenSink other) {
    for (int i = 0; i < other.ids.size(); i++) {
      ids.add(other.ids.get(i));
      if (offsets()) {
        starts.add(other.starts.get(i));
        ends.add(other.ends.get(i));
      }
    }
  }

  /** Adds the symbols of a workspace, which come from {@code text[from, to)}. */
  void addAll(BpeWorkspace space, Text text, int from, int to) {
    ids.addAll(space.ids, 0, space.count);
    if (!offsets()) {
      return;
    }
    mapBytes(space.byteCount, text.chars(), from, to);
    int at = 0;
    for (int i = 0; i < space.count; i++) {
      int end = at + space.lengths[i];
      starts.add(text.starts()[unitOfByte[at]]);
      ends.add(text.ends()[unitOfByte[end - 1]]);
      at = end;
    }
  }

  private void mapBytes(int count, char[] chars, int from, int to) {
    if (unitOfByte.length < count) {
      unitOfByte = new int[2 * count];
    }
    int at = 0;
    for (int i = from; i < to; i += CharClasses.width(chars, i)) {
      for (int end = at + BpeWorkspace.utf8Length(chars[i]); at < end; at++) {
        unitOfByte[at] = i;
      }
    }
  }

  Encoding toEncoding() {
    return new Encoding(ids.toArray(), starts.toArray(), ends.toArray());
  }
}
