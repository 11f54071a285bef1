package io.kanana.core.tokenizer;

import java.util.Objects;

/**
 * A token that is found in the text before merges are applied.
 *
 * @param content the text that it stands for
 * @param special whether {@code skipSpecials} leaves it out of decoded text, and {@link
 *     Tokenizer.Specials#NONE} takes it as ordinary text
 * @param normalized whether it is looked for in the normalized text
 * @param lstrip whether it takes the white space before it
 * @param rstrip whether it takes the white space after it
 * @param singleWord whether it is found only between characters that are not part of a word
 */
public record AddedToken(
    int id,
    String content,
    boolean special,
    boolean normalized,
    boolean lstrip,
    boolean rstrip,
    boolean singleWord) {

  public AddedToken {
    Objects.requireNonNull(content);
  }

  /** A special token with none of the other properties, as training makes them. */
  public static AddedToken special(int id, String content) {
    return new AddedToken(id, content, true, false, false, false, false);
  }
}
