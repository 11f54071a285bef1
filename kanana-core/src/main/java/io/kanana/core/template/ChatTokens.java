package io.kanana.core.template;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.template.Rendered.Span;
import io.kanana.core.tokenizer.Encoding;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import java.util.Locale;

/**
 * A rendered conversation as a model is trained on it: its tokens, and which of them the assistant
 * says.
 *
 * <p>The mask is that of transformers' {@code return_assistant_tokens_mask} as of 5.24: every token
 * that holds a character of what a {@code {% generation %}} block wrote, so also one that reaches
 * over an edge of it. (Of a last character that is split over several tokens, earlier versions mark
 * the first alone.) White space at an edge that a tokenizer leaves out of its offsets is not
 * marked. A template whose blocks begin after a special token and end with one meets none of these
 * cases.
 *
 * @param ids one id per token
 * @param assistant for each token, whether the assistant says it, so that its prediction is a
 *     target; all false where the assistant says nothing
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
public record ChatTokens(int[] ids, boolean[] assistant) {
  public ChatTokens {
    if (ids.length != assistant.length) {
      throw new IllegalArgumentException("ids and assistant differ in length");
    }
  }

  /**
   * The ids of a conversation that a model shall continue. Special tokens in the text are parsed
   * and none is added: the template has written those that belong there.
   */
  public static int[] prompt(Rendered rendered, Tokenizer tokenizer) {
    return tokenizer.encode(rendered.text(), Specials.PARSE);
  }

  /**
   * The ids of {@link #prompt}, and which of them the assistant says.
   *
   * @throws CheckpointException if the template has no {@code generation} block, or has one whose
   *     text does not stand where the block does
   * @throws DataException if something that the assistant says has no token of its own
   */
  public static ChatTokens of(Rendered rendered, Tokenizer tokenizer) {
    requireMarks(rendered);
    return of(rendered, tokenizer.encodeWithOffsets(rendered.text(), Specials.PARSE));
  }

  private static void requireMarks(Rendered rendered) {
    if (!rendered.marked()) {
      throw new CheckpointException(
          "the chat template has no generation block, so nothing tells which tokens the assistant"
              + " says; put {% generation %} and {% endgeneration %} around what it says");
    }
  }

  /**
   * The same of a text that is tokens already.
   *
   * @param encoding of the text, special tokens parsed
   */
  public static ChatTokens of(Rendered rendered, Encoding encoding) {
    requireMarks(rendered);
    int[] codePoints = codePoints(rendered.text());
    int[] firsts = firsts(encoding, codePoints[rendered.text().length()]);
    boolean[] assistant = new boolean[encoding.size()];
    for (Span span : rendered.assistant()) {
      requireInPlace(rendered.text(), span);
      if (!span.said().isEmpty()) {
        mark(codePoints[span.start()], codePoints[span.end()], encoding, firsts, assistant);
      }
    }
    return new ChatTokens(encoding.ids(), assistant);
  }

  /**
   * How many code points stand before each index of a text and before its end. Tables, here and for
   * the tokens, keep the work linear however many blocks an untrusted template has.
   */
  private static int[] codePoints(String text) {
    int[] before = new int[text.length() + 1];
    for (int i = 0; i < text.length(); i++) {
      boolean second = i > 0 && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i));
      before[i + 1] = before[i] + (second ? 0 : 1);
    }
    return before;
  }

  /** The first token that ends after each boundary of code points. */
  private static int[] firsts(Encoding encoding, int codePoints) {
    int[] firsts = new int[codePoints + 1];
    int token = 0;
    for (int i = 0; i <= codePoints; i++) {
      while (token < encoding.size() && encoding.ends()[token] <= i) {
        token++;
      }
      firsts[i] = token;
    }
    return firsts;
  }

  private static void requireInPlace(String text, Span span) {
    if (!text.startsWith(span.said(), span.start())) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "a generation block of the chat template wrote %d characters that do not stand at index"
                  + " %d of the %d of the conversation; move the block out of the macro, filter or"
                  + " set block that writes its text elsewhere",
              span.said().length(),
              span.start(),
              text.length()));
    }
  }

  /** Marks the tokens of {@code [start, end)}, in code points. */
  private static void mark(
      int start, int end, Encoding encoding, int[] firsts, boolean[] assistant) {
    boolean whole = false;
    for (int i = firsts[start]; i < encoding.size() && encoding.starts()[i] < end; i++) {
      assistant[i] = true;
      whole |= encoding.starts()[i] >= start && encoding.ends()[i] <= end;
    }
    if (!whole) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "what the assistant says at code points [%d, %d) of the conversation has no token of its"
                  + " own; let the chat template write a special token on both sides of it",
              start,
              end));
    }
  }
}
