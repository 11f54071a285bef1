package io.kanana.data.classify;

/** A matrix that is read by rows. Vectors are padded with zeros to {@link DenseRows#stride}. */
sealed interface RowMatrix permits DenseRows, QuantizedRows {
  int rows();

  int dimensions();

  /** Adds the first {@code count} of these rows to {@code sum}. */
  void addRows(int[] rows, int count, float[] sum);

  /**
   * The product of a row and a vector.
   *
   * @param lanes working memory of {@link DenseRows#LANES} numbers
   */
  float dot(int row, float[] vector, float[] lanes);
}
