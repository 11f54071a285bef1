package io.kanana.data.parquet;

/** How long the row is that is being assembled, and what is wrong with it. */
final class RowSize {
  private final long max;
  private final Toll toll;
  private long bytes;
  private String notUtf8;

  /**
   * @param toll is told of every value: a row may have as many as it likes
   */
  RowSize(long max, Toll toll) {
    this.max = max;
    this.toll = toll;
  }

  void add(long length) {
    bytes += ParquetRow.OVERHEAD + length;
    toll.bytes(ParquetRow.OVERHEAD + length);
  }

  /** Whether more of the row need not be kept. */
  boolean full() {
    return bytes > max;
  }

  void notUtf8(String column) {
    notUtf8 = column;
  }

  /** The length; the next row begins. */
  long take() {
    long taken = bytes;
    bytes = 0;
    return taken;
  }

  /** The column that should hold text and does not, or null; the next row begins. */
  String takeNotUtf8() {
    String taken = notUtf8;
    notUtf8 = null;
    return taken;
  }
}
