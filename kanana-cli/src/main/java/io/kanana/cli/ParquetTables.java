package io.kanana.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.data.parquet.ParquetRow;
import io.kanana.data.parquet.ParquetRows;
import io.kanana.eval.task.TableReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Lets benchmarks lie in Parquet: the reader is kanana-data's, which kanana-eval does not know. */
public final class ParquetTables implements TableReader {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LARGEST_ROW = 64L << 20;
  private static final long LARGEST_TABLE = 2L << 30;

  @Override
  public String suffix() {
    return ".parquet";
  }

  @Override
  public List<ObjectNode> read(Path file) throws IOException {
    List<ObjectNode> documents = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file)) {
      long[] bytes = {0};
      ParquetRows rows =
          ParquetRows.open(channel, Set.of(), LARGEST_ROW, count -> charge(bytes, count));
      for (ParquetRow row = rows.next(); row != null; row = rows.next()) {
        documents.add(document(rows.rows(), row));
      }
    }
    return documents;
  }

  private static void charge(long[] bytes, long count) {
    bytes[0] += count;
    if (bytes[0] > LARGEST_TABLE) {
      throw new UncheckedIOException(
          new IOException("holds more than 2 GiB, which no benchmark does"));
    }
  }

  private static ObjectNode document(long number, ParquetRow row) throws IOException {
    if (row.notUtf8() != null) {
      throw new IOException("row " + number + ": column " + row.notUtf8() + " is not UTF-8");
    }
    if (row.bytes() > LARGEST_ROW) {
      throw new IOException("row " + number + " is larger than 64 MiB");
    }
    return JSON.valueToTree(row.fields());
  }
}
