package io.kanana.core.template;

import java.util.List;

/**
 * A conversation as the text that a model reads.
 *
 * @param text the text, special tokens spelled out: encode it with {@code Specials.PARSE}
 * @param assistant what stands between {@code {% generation %}} and {@code {% endgeneration %}}, in
 *     order: the text that the assistant says and that a loss is taken over. Empty for a template
 *     without such blocks
 */
public record Rendered(String text, List<Span> assistant) {

  public Rendered {
    assistant = List.copyOf(assistant);
  }

  /**
   * A part of a text.
   *
   * @param start its first character, as {@link String#substring} counts
   * @param end the first character after it
   */
  public record Span(int start, int end) {}
}
