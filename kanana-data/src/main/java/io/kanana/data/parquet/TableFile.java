package io.kanana.data.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/** A file of row groups that is being written. For one thread. */
final class TableFile {
  /**
   * How rows become bytes.
   *
   * @param groupBytes a row group ends with the row that reaches so many, mostly compressed
   * @param sums whether pages have check sums
   */
  record Layout(
      ParquetProperties properties, PageCompression compression, long groupBytes, boolean sums) {}

  private static final String NAME = "kanana";

  private final WritableByteChannel out;
  private final MessageType schema;
  private final List<SchemaElement> described;
  private final Layout layout;
  private final MessageColumnIO columns;
  private final List<RowGroup> groups = new ArrayList<>();
  private long position;
  private long rows;

  /** The row group that is being filled; null where none is. */
  private Group group;

  /**
   * @param out stays open
   * @param described the schema as the file keeps it
   */
  TableFile(
      WritableByteChannel out, MessageType schema, List<SchemaElement> described, Layout layout)
      throws IOException {
    this.out = out;
    this.schema = schema;
    this.described = described;
    this.layout = layout;
    this.columns = new ColumnIOFactory().getColumnIO(schema);
    put(Footer.MAGIC.getBytes(StandardCharsets.US_ASCII));
  }

  /** Takes the next row. */
  RecordConsumer row() {
    if (group == null) {
      group = new Group();
    }
    return group.consumer;
  }

  void endRow() throws IOException {
    group.rows++;
    if (group.store.getBufferedSize() >= layout.groupBytes()) {
      endGroup();
    }
  }

  /** Ends the file. */
  void finish() throws IOException {
    if (group != null) {
      endGroup();
    }
    FileMetaData footer = new FileMetaData(1, described, rows, groups);
    footer.setCreated_by(NAME);
    ByteArrayOutputStream end = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, end);
    end.write(
        ByteBuffer.allocate(Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(end.size())
            .array());
    end.write(Footer.MAGIC.getBytes(StandardCharsets.US_ASCII));
    put(end.toByteArray());
  }

  private void endGroup() throws IOException {
    group.consumer.flush();
    group.store.close();
    List<ColumnChunk> chunks = new ArrayList<>();
    long begin = position;
    long uncompressed = 0;
    for (ColumnDescriptor column : schema.getColumns()) {
      PageBuffers.Column pages = group.pages.getPageWriter(column);
      uncompressed += pages.uncompressed();
      chunks.add(chunk(column, pages));
    }
    RowGroup described = new RowGroup(chunks, uncompressed, group.rows);
    described.setTotal_compressed_size(position - begin);
    described.setFile_offset(begin);
    groups.add(described);
    rows += group.rows;
    group = null;
  }

  private ColumnChunk chunk(ColumnDescriptor column, PageBuffers.Column pages) throws IOException {
    long begin = position;
    put(pages.dictionary().toByteArray());
    long data = position;
    put(pages.pages().toByteArray());
    ColumnMetaData described =
        new ColumnMetaData(
            SchemaList.kept(column.getPrimitiveType().getPrimitiveTypeName()),
            pages.encodings(),
            List.of(column.getPath()),
            layout.compression().codec(),
            pages.values(),
            pages.uncompressed(),
            position - begin,
            data);
    if (data > begin) {
      described.setDictionary_page_offset(begin);
    }
    ColumnChunk chunk = new ColumnChunk(0);
    chunk.setMeta_data(described);
    return chunk;
  }

  private void put(byte[] content) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(content);
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
    position += content.length;
  }

  /** A row group that is being filled. */
  private final class Group {
    private final PageBuffers pages = new PageBuffers(layout.compression(), layout.sums());
    private final ColumnWriteStore store = layout.properties().newColumnWriteStore(schema, pages);
    private final RecordConsumer consumer = columns.getRecordWriter(store);
    private long rows;
  }
}
