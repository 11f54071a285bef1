package io.kanana.data.parquet;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.format.CompressionCodec;

/**
 * Writes rows of JSON values into a file. What it writes depends on the rows and the columns alone.
 * A row group is in memory until it is complete, some 64 MiB. For one thread.
 */
public final class ParquetWriter {
  private static final int LEVEL = 3;
  private static final int PAGE_BYTES = 1 << 20;
  private static final long GROUP_BYTES = 64L << 20;

  private final TableFile file;
  private final RowEntry entry;

  /**
   * @param out stays open
   * @param columns that hold every row that is written
   */
  public ParquetWriter(WritableByteChannel out, TableColumns columns) throws IOException {
    this(out, columns, layout());
  }

  ParquetWriter(WritableByteChannel out, TableColumns columns, TableFile.Layout layout)
      throws IOException {
    this.file = new TableFile(out, columns.schema(), SchemaList.of(columns.schema()), layout);
    this.entry = new RowEntry(columns.shape());
  }

  /** Pages as every reader knows them, each with a check sum. */
  private static TableFile.Layout layout() {
    ParquetProperties properties =
        ParquetProperties.builder()
            .withPageSize(PAGE_BYTES)
            // a text may be as long as a page, so each may end one
            .withMinRowCountForPageSizeCheck(1)
            .estimateRowCountForPageSizeCheck(false)
            .withStatisticsEnabled(false)
            .withSizeStatisticsEnabled(false)
            .withDictionaryEncoding("text", false)
            .build();
    return new TableFile.Layout(
        properties,
        new PageCompression(CompressionCodec.ZSTD, page -> Zstd.compress(page, LEVEL)),
        GROUP_BYTES,
        true);
  }

  /** Writes a row; values that are null are left out. */
  public void write(Map<String, Object> row) throws IOException {
    entry.enter(row, file.row());
    file.endRow();
  }

  /** Ends the file. */
  public void finish() throws IOException {
    file.finish();
  }
}
