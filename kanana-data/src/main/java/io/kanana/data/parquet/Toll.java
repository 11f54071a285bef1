package io.kanana.data.parquet;

/** Is told what comes out of a file before it takes any memory, and may refuse more. */
public interface Toll {
  /**
   * @throws java.io.UncheckedIOException where it is too much
   */
  void bytes(long count);
}
