package io.kanana.data.filter.stats;

/**
 * An amount of text.
 *
 * @param documents their number
 * @param bytes of UTF-8
 * @param tokens 0 where no tokenizer is configured
 */
public record Volume(long documents, long bytes, long tokens) {
  /** Nothing. */
  public static final Volume NONE = new Volume(0, 0, 0);

  /** Both together. */
  public Volume plus(Volume other) {
    return new Volume(documents + other.documents, bytes + other.bytes, tokens + other.tokens);
  }
}
