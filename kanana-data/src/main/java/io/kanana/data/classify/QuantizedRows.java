package io.kanana.data.classify;

/**
 * A matrix compressed by product quantisation (Jegou, Douze and Schmid, 2011), as in fastText's
 * {@code .ftz}: a row is cut into parts, each replaced by the number of one of 256 centroids; its
 * norm may be stored apart. Immutable.
 */
final class QuantizedRows implements RowMatrix {
  /** Centroids of a part. */
  static final int CENTROIDS = 256;

  /**
   * How rows are cut.
   *
   * @param dimensions of a row
   * @param part dimensions of all parts but perhaps the last
   * @param values centroids by part, number and dimension
   */
  record Codebook(int dimensions, int part, float[] values) {
    int parts() {
      return Math.ceilDiv(dimensions, part);
    }
  }

  private final int rows;
  private final Codebook book;
  private final byte[] codes;
  private final float[] norms;
  private final byte[] normCodes;

  /**
   * @param codes by row and part
   * @param norms centroids of the norms; null where rows have their own length
   * @param normCodes by row; null with {@code norms}
   */
  QuantizedRows(int rows, Codebook book, byte[] codes, float[] norms, byte[] normCodes) {
    this.rows = rows;
    this.book = book;
    this.codes = codes;
    this.norms = norms;
    this.normCodes = normCodes;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int dimensions() {
    return book.dimensions();
  }

  private float norm(int row) {
    return norms == null ? 1 : norms[normCodes[row] & 0xFF];
  }

  @Override
  public void addRows(int[] rows, int count, float[] sum) {
    for (int i = 0; i < count; i++) {
      addRow(rows[i], sum);
    }
  }

  private void addRow(int row, float[] sum) {
    float norm = norm(row);
    float[] centroids = book.values();
    int code = row * book.parts();
    for (int first = 0; first < book.dimensions(); first += book.part()) {
      int width = Math.min(book.part(), book.dimensions() - first);
      int at = first * CENTROIDS + (codes[code++] & 0xFF) * width;
      for (int i = 0; i < width; i++) {
        sum[first + i] += norm * centroids[at + i];
      }
    }
  }

  @Override
  public float dot(int row, float[] vector, float[] lanes) {
    float[] centroids = book.values();
    int code = row * book.parts();
    float sum = 0;
    for (int first = 0; first < book.dimensions(); first += book.part()) {
      int width = Math.min(book.part(), book.dimensions() - first);
      int at = first * CENTROIDS + (codes[code++] & 0xFF) * width;
      for (int i = 0; i < width; i++) {
        sum += vector[first + i] * centroids[at + i];
      }
    }
    return norm(row) * sum;
  }
}
