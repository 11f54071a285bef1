package io.kanana.data.parquet;

import com.github.luben.zstd.Zstd;
import io.kanana.core.random.RandomKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.format.CompressionCodec;
import org.xerial.snappy.Snappy;

/** Tables in the encodings and compressions that are read, made by the test itself. */
public final class Tables {
  /** How values become bytes; small pages and row groups, so that there are several. */
  public enum Encoded {
    /** Values as they are. */
    PLAIN(CompressionCodec.UNCOMPRESSED, WriterVersion.PARQUET_1_0, false),
    /** Values by their place in a dictionary. */
    DICTIONARY(CompressionCodec.SNAPPY, WriterVersion.PARQUET_1_0, true),
    /** Values by their difference to the one before, in pages of the second kind. */
    DELTA(CompressionCodec.ZSTD, WriterVersion.PARQUET_2_0, false),
    /** Bytes of numbers apart, in pages of the second kind with dictionaries. */
    SPLIT(CompressionCodec.GZIP, WriterVersion.PARQUET_2_0, true),
    /** Another compression. */
    LZ4(CompressionCodec.LZ4_RAW, WriterVersion.PARQUET_1_0, false);

    private final CompressionCodec codec;
    private final WriterVersion version;
    private final boolean dictionary;

    Encoded(CompressionCodec codec, WriterVersion version, boolean dictionary) {
      this.codec = codec;
      this.version = version;
      this.dictionary = dictionary;
    }

    TableFile.Layout layout(boolean sums) {
      ParquetProperties properties =
          ParquetProperties.builder()
              .withWriterVersion(version)
              .withDictionaryEncoding(dictionary)
              .withByteStreamSplitEncoding(this == SPLIT)
              .withPageRowCountLimit(20)
              .withMinRowCountForPageSizeCheck(1)
              .build();
      return new TableFile.Layout(
          properties, new PageCompression(codec, page -> compress(codec, page)), 6000, sums);
    }
  }

  private interface Wrap {
    OutputStream around(OutputStream out) throws IOException;
  }

  private Tables() {}

  static byte[] compress(CompressionCodec codec, byte[] page) throws IOException {
    return switch (codec) {
      case UNCOMPRESSED -> page;
      case SNAPPY -> Snappy.compress(page);
      case ZSTD -> Zstd.compress(page);
      case GZIP -> wrapped(page, GZIPOutputStream::new);
      case LZ4_RAW -> wrapped(page, BlockLZ4CompressorOutputStream::new);
      default -> throw new IllegalArgumentException(codec.name());
    };
  }

  private static byte[] wrapped(byte[] page, Wrap wrap) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = wrap.around(compressed)) {
      out.write(page);
    }
    return compressed.toByteArray();
  }

  /** Rows with values of every kind, some of them missing. */
  public static List<Map<String, Object>> rows(int count) {
    RandomKey key = RandomKey.of(3);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("id", "r" + i);
      row.put("text", "글 " + "ab".repeat(key.below(i, 9)) + i);
      row.put("url", "http://example.org/" + i % 7);
      if (i % 5 > 0) {
        row.put("score", key.bits(1000 + i) / 1e9);
      }
      row.put("n", i * i);
      row.put("large", (1L << 60) + i);
      row.put("good", i % 3 == 0);
      row.put("tags", List.of("a", "b", "c").subList(0, i % 4));
      Map<String, Object> from = new LinkedHashMap<>();
      from.put("year", 2000 + i % 20);
      from.put("names", List.of(Map.of("first", "x" + i)));
      row.put("from", from);
      row.put("mixed", i % 2 == 0 ? i : "odd");
      rows.add(row);
    }
    return rows;
  }

  /** Columns for the rows; id and text first. */
  static TableColumns columns(List<Map<String, Object>> rows) {
    TableColumns columns = new TableColumns(List.of("id", "text"));
    rows.forEach(columns::add);
    return columns;
  }

  /** A file of the rows, with or without check sums. */
  public static byte[] file(List<Map<String, Object>> rows, Encoded encoded, boolean sums)
      throws IOException {
    return file(rows, columns(rows), encoded.layout(sums));
  }

  /** A file of rows for which the columns are yet to be made, without check sums. */
  static byte[] file(List<Map<String, Object>> rows, TableColumns columns, Encoded encoded)
      throws IOException {
    rows.forEach(columns::add);
    return file(rows, columns, encoded.layout(false));
  }

  private static byte[] file(
      List<Map<String, Object>> rows, TableColumns columns, TableFile.Layout layout)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ParquetWriter writer = new ParquetWriter(Channels.newChannel(bytes), columns, layout);
    for (Map<String, Object> row : rows) {
      writer.write(row);
    }
    writer.finish();
    return bytes.toByteArray();
  }

  /** The columns of a file, as parquet-java writes them down. */
  public static String schema(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      return Footer.read(channel).schema().toString();
    }
  }

  static List<ParquetRow> read(Path file, Toll toll) throws IOException {
    return read(file, Set.of("id", "text"), 1 << 20, toll);
  }

  static List<ParquetRow> read(Path file, Set<String> texts, long maxBytes, Toll toll)
      throws IOException {
    List<ParquetRow> all = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file)) {
      ParquetRows rows = ParquetRows.open(channel, texts, maxBytes, toll);
      for (ParquetRow row = rows.next(); row != null; row = rows.next()) {
        all.add(row);
      }
      if (rows.rows() != all.size()) {
        throw new AssertionError(rows.rows() + " rows were read and " + all.size() + " came");
      }
    }
    return all;
  }
}
