package io.kanana.data.parquet;

import java.util.Map;

/**
 * A row of a table.
 *
 * @param fields the columns in their order, as JSON values; a column that is null, or a number that
 *     JSON has not, is left out. Incomplete where the row is longer than was allowed
 * @param bytes how long its values are, each with {@value #OVERHEAD} bytes beside its own
 * @param notUtf8 a column that should hold text and does not; null where all do
 */
public record ParquetRow(Map<String, Object> fields, long bytes, String notUtf8) {
  /** What a value takes beside its bytes: about what a name and punctuation would in JSON. */
  static final int OVERHEAD = 16;
}
