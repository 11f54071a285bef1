package io.kanana.core.template;

import java.util.List;

/**
 * A conversation as the text that a model reads. {@link ChatTokens} makes tokens of it.
 *
 * @param text the text, special tokens spelled out
 * @param assistant what the {@code {% generation %}} blocks wrote, in order: the text that the
 *     assistant says and that a loss is taken over
 * @param marked whether the template has such blocks at all; one that has none says nothing about
 *     who wrote what
 */
public record Rendered(String text, List<Span> assistant, boolean marked) {

  public Rendered {
    assistant = List.copyOf(assistant);
  }

  /**
   * What one block wrote, and where. As in transformers, that is where the text stood when the
   * block began: for a block in a macro, a filter or a {@code set} block, whose text is written
   * later or never, something else may stand there.
   *
   * @param start the index of its first character in the text, in UTF-16 units as {@link
   *     String#substring} counts them; offsets of tokens are in code points instead
   * @param said what the block wrote
   */
  public record Span(int start, String said) {
    /** The index of the first character after it, in UTF-16 units. */
    public int end() {
      return start + said.length();
    }
  }
}
