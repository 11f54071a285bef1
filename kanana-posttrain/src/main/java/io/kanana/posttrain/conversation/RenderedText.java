package io.kanana.posttrain.conversation;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.tokenizer.Encoding;
import io.kanana.posttrain.conversation.ConversationTokens.Turn;
import java.util.BitSet;
import java.util.Locale;

/**
 * The text of a conversation and its tokens, and where one stands in the other. Offsets of tokens
 * are in code points, those of text in UTF-16 units.
 */
final class RenderedText {
  private static final String BLOCKS =
      "; put {% generation %} and {% endgeneration %} around what the assistant says and the token that"
          + " ends its turn";

  private final String text;
  private final Encoding encoding;

  /** Ids of special tokens. */
  private final BitSet specials;

  /** Bytes of UTF-8 before each code point, and before the end. */
  private final int[] bytesBefore;

  /** The index of each code point, and of the end. */
  private final int[] indices;

  RenderedText(String text, Encoding encoding, BitSet specials) {
    this.text = text;
    this.encoding = encoding;
    this.specials = specials;
    int length = text.codePointCount(0, text.length());
    this.bytesBefore = new int[length + 1];
    this.indices = new int[length + 1];
    for (int i = 0; i < length; i++) {
      int codePoint = text.codePointAt(indices[i]);
      indices[i + 1] = indices[i] + Character.charCount(codePoint);
      bytesBefore[i + 1] = bytesBefore[i] + utf8Length(codePoint);
    }
  }

  private static int utf8Length(int codePoint) {
    return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  /**
   * The turn that the text between two indices is.
   *
   * @throws BadConversationException if a token reaches over its beginning
   * @throws CheckpointException if it does not end with a special token and white space
   */
  Turn turn(int begin, int end) throws BadConversationException {
    int from = tokenAt(text.codePointCount(0, begin));
    if (from < encoding.size() && indices[encoding.starts()[from]] < begin) {
      throw new BadConversationException(
          "no-token-boundary",
          String.format(
              Locale.ROOT,
              "token %d reaches over the beginning of what the assistant says, '%s'",
              from,
              shown(begin, end)));
    }
    return finished(from, tokenAt(text.codePointCount(0, end)), end);
  }

  /** The turn of tokens {@code from .. to - 1}, which a generation block wrote. */
  Turn turnOfTokens(int from, int to) {
    return finished(from, to, indices[encoding.ends()[to - 1]]);
  }

  /** The first token that ends after so many code points. */
  private int tokenAt(int codePoints) {
    int low = 0;
    int high = encoding.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (encoding.ends()[middle] > codePoints) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The tokens up to the last special one, after which there is nothing but white space. */
  private Turn finished(int from, int to, int end) {
    int last = to - 1;
    while (last >= from && !specials.get(encoding.ids()[last])) {
      last--;
    }
    if (last < from) {
      throw new CheckpointException(
          "the chat template ends what the assistant says, '"
              + shown(indices[encoding.starts()[Math.min(from, encoding.size() - 1)]], end)
              + "', without a special token, so a model that is trained with it would never stop"
              + BLOCKS);
    }
    int ended = indices[encoding.ends()[last]];
    if (!text.substring(Math.min(ended, end), end).isBlank()) {
      throw new CheckpointException(
          "the chat template writes '"
              + shown(ended, end)
              + "' after the special token that ends the assistant's turn"
              + BLOCKS);
    }
    return new Turn(from, last + 1, bytes(from, last));
  }

  private long bytes(int from, int to) {
    long bytes = 0;
    int counted = 0;
    for (int i = from; i < to; i++) {
      int start = Math.max(counted, encoding.starts()[i]);
      int end = encoding.ends()[i];
      if (end > start && !specials.get(encoding.ids()[i])) {
        bytes += bytesBefore[end] - bytesBefore[start];
        counted = end;
      }
    }
    return bytes;
  }

  private String shown(int begin, int end) {
    String part = text.substring(begin, Math.max(begin, end)).replaceAll("\\s+", " ");
    int length = Math.min(40, part.length());
    return length < part.length() ? part.substring(0, length) + "..." : part;
  }
}
