package io.kanana.data.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.schema.MessageType;

/**
 * What a file says at its end about itself, as far as the file bears it out: every part lies within
 * the file, no byte belongs to two of them, and all count the same rows.
 *
 * @param writer the program that wrote it; null where it does not say
 */
record Footer(MessageType schema, List<Group> groups, String writer) {
  /**
   * Some rows, column by column.
   *
   * @param chunks in the order of the schema's columns
   */
  record Group(long rows, List<Chunk> chunks) {}

  /** The values of one column, in the bytes {@code begin} to {@code end} of the file. */
  record Chunk(Codec codec, long values, long begin, long end) {}

  static final String MAGIC = "PAR1";
  private static final String ENCRYPTED = "PARE";
  private static final int MAGIC_BYTES = 4;
  private static final int TAIL_BYTES = 8;
  private static final int MAX_BYTES = 64 << 20;

  /** Longer ones are no versions, and are matched with a pattern that takes its time. */
  private static final int MAX_WRITER = 200;

  static Footer read(FileChannel file) throws IOException {
    long end = end(file);
    int length = length(file, end);
    byte[] bytes = bytes(file, end - length, length);
    FileMetaData said = Thrift.read(new FileMetaData(), new ByteArrayInputStream(bytes), length);
    if (said.isSetEncryption_algorithm()) {
      throw encrypted();
    }
    MessageType schema = SchemaTree.of(said.getSchema());
    List<Group> groups = new ArrayList<>();
    long rows = 0;
    for (RowGroup group : said.getRow_groups()) {
      groups.add(group(group, schema, end - length));
      rows += group.getNum_rows();
    }
    if (rows != said.getNum_rows()) {
      throw new IOException("it claims " + said.getNum_rows() + " rows and its row groups " + rows);
    }
    checkApart(groups);
    String writer = said.getCreated_by();
    return new Footer(
        schema, groups, writer == null || writer.length() > MAX_WRITER ? null : writer);
  }

  /** Where the footer ends, after a look at both ends of the file. */
  private static long end(FileChannel file) throws IOException {
    long size = file.size();
    if (size < MAGIC_BYTES + TAIL_BYTES) {
      throw new IOException("it is no Parquet file: it has " + size + " bytes");
    }
    String head = text(bytes(file, 0, MAGIC_BYTES));
    if (head.equals(ENCRYPTED)) {
      throw encrypted();
    }
    if (!head.equals(MAGIC)) {
      throw new IOException("it is no Parquet file: it does not begin with " + MAGIC);
    }
    if (!text(bytes(file, size - MAGIC_BYTES, MAGIC_BYTES)).equals(MAGIC)) {
      throw new IOException("it is truncated: it does not end with " + MAGIC);
    }
    return size - TAIL_BYTES;
  }

  private static int length(FileChannel file, long end) throws IOException {
    int length = ByteBuffer.wrap(bytes(file, end, 4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (length <= 0 || length > Math.min(MAX_BYTES, end - MAGIC_BYTES)) {
      throw new IOException(
          "its footer claims "
              + Integer.toUnsignedString(length)
              + " bytes; it has "
              + (end - MAGIC_BYTES)
              + ", and "
              + MAX_BYTES
              + " are the most that are read");
    }
    return length;
  }

  private static byte[] bytes(FileChannel file, long from, int count) throws IOException {
    byte[] bytes = new byte[count];
    if (new FilePart(file, from, from + count).readNBytes(bytes, 0, count) < count) {
      throw new IOException("it became shorter while it was read");
    }
    return bytes;
  }

  private static String text(byte[] magic) {
    return new String(magic, StandardCharsets.ISO_8859_1);
  }

  private static IOException encrypted() {
    return new IOException("it is encrypted, which is not read; decrypt it");
  }

  private static Group group(RowGroup said, MessageType schema, long end) throws IOException {
    List<ColumnDescriptor> columns = schema.getColumns();
    if (said.getColumnsSize() != columns.size() || said.getNum_rows() < 0) {
      throw new IOException(
          "a row group claims "
              + said.getColumnsSize()
              + " columns and "
              + said.getNum_rows()
              + " rows; the schema has "
              + columns.size()
              + " columns");
    }
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      chunks.add(chunk(said.getColumns().get(i), columns.get(i), said.getNum_rows(), end));
    }
    return new Group(said.getNum_rows(), chunks);
  }

  private static Chunk chunk(ColumnChunk said, ColumnDescriptor column, long rows, long end)
      throws IOException {
    String name = "column " + String.join(".", column.getPath());
    if (said.isSetCrypto_metadata()) {
      throw encrypted();
    }
    if (said.isSetFile_path() || !said.isSetMeta_data()) {
      throw new IOException(name + " lies in another file, which is not read");
    }
    ColumnMetaData data = said.getMeta_data();
    boolean same =
        data.getType() != null
            && SchemaTree.kept(data.getType()) == column.getPrimitiveType().getPrimitiveTypeName()
            && data.getPath_in_schema().equals(Arrays.asList(column.getPath()));
    if (!same) {
      throw new IOException(name + " is another one in a row group");
    }
    checkValues(name, data.getNum_values(), rows, column.getMaxRepetitionLevel() > 0);
    long begin = begin(data);
    long length = data.getTotal_compressed_size();
    if (begin < MAGIC_BYTES || length < 0 || begin > end || length > end - begin) {
      throw new IOException(
          name + " claims " + length + " bytes from byte " + begin + ", which the file has not");
    }
    return new Chunk(Codec.of(data.getCodec()), data.getNum_values(), begin, begin + length);
  }

  private static void checkValues(String name, long values, long rows, boolean repeated)
      throws IOException {
    if (repeated ? values < rows : values != rows) {
      throw new IOException(name + " claims " + values + " values of " + rows + " rows");
    }
  }

  /** A dictionary stands before the pages that refer to it. */
  private static long begin(ColumnMetaData data) {
    long dictionary = data.getDictionary_page_offset();
    boolean before = dictionary >= MAGIC_BYTES && dictionary < data.getData_page_offset();
    return before ? dictionary : data.getData_page_offset();
  }

  /** A few bytes that many row groups claim would be read as often. */
  private static void checkApart(List<Group> groups) throws IOException {
    TreeMap<Long, Chunk> sorted = new TreeMap<>();
    long end = 0;
    for (Group group : groups) {
      for (Chunk chunk : group.chunks()) {
        boolean empty = chunk.begin() == chunk.end();
        if (!empty && sorted.put(chunk.begin(), chunk) != null) {
          throw overlapping(chunk);
        }
      }
    }
    for (Chunk chunk : sorted.values()) {
      if (chunk.begin() < end) {
        throw overlapping(chunk);
      }
      end = chunk.end();
    }
  }

  private static IOException overlapping(Chunk chunk) {
    return new IOException("two columns claim byte " + chunk.begin() + " of the file");
  }
}
