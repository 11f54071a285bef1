package io.kanana.core.template;

/**
 * What one rendering may use. A template comes with a checkpoint and is not trusted, so each of
 * these is a refusal by name rather than a slow or a large answer. The defaults leave a
 * conversation of some megabytes ample room.
 *
 * @param steps evaluated statements, expressions, loop turns and comparisons; scanning text costs a
 *     step per 16 characters, multiplying and dividing large integers one per 16 pairs of words
 * @param characters of text made in all, intermediate strings included
 * @param items put into lists, tuples and dictionaries in all
 * @param depth of nested evaluation: blocks, expressions, macro calls and recursive loops together
 * @param nesting of one value inside another, and of brackets and blocks in the template's text
 * @param integerBits of the largest integer
 * @param range the most numbers that {@code range()} may span
 */
public record Limits(
    long steps, long characters, long items, int depth, int nesting, int integerBits, long range) {

  /** Ten million steps, 64 Mi characters, two million items. */
  public static final Limits DEFAULT =
      new Limits(10_000_000, 64L << 20, 2_000_000, 400, 100, 1 << 14, 100_000);
}
