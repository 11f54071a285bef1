package io.kanana.data.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.Util;

/** Good files that lie about themselves. */
final class Tampered {
  private Tampered() {}

  private static int footerBegin(byte[] file) {
    int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 8);
    return file.length - 8 - length;
  }

  static FileMetaData footer(byte[] file) throws IOException {
    int begin = footerBegin(file);
    return Util.readFileMetaData(new ByteArrayInputStream(file, begin, file.length - begin));
  }

  /** The same file with another footer. */
  static byte[] footer(byte[] file, Consumer<FileMetaData> change) throws IOException {
    FileMetaData footer = footer(file);
    change.accept(footer);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, bytes);
    return closed(Arrays.copyOf(file, footerBegin(file)), bytes.toByteArray());
  }

  /** A file of what stands before a footer, and the footer. */
  static byte[] closed(byte[] body, byte[] footer) {
    return ByteBuffer.allocate(body.length + footer.length + 8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(body)
        .put(footer)
        .putInt(footer.length)
        .put("PAR1".getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  static ColumnMetaData column(FileMetaData footer, int group, int column) {
    return footer.getRow_groups().get(group).getColumns().get(column).getMeta_data();
  }

  /**
   * One row group of one column with the pages given.
   *
   * @param rows what of the columns, which is called text, is believed
   */
  static byte[] pages(byte[] good, long rows, List<Map.Entry<PageHeader, byte[]>> pages)
      throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("PAR1".getBytes(StandardCharsets.US_ASCII));
    for (Map.Entry<PageHeader, byte[]> page : pages) {
      Util.writePageHeader(page.getKey(), body);
      body.writeBytes(page.getValue());
    }
    byte[] bytes = body.toByteArray();
    byte[] whole = ByteBuffer.allocate(bytes.length).put(bytes).array();
    FileMetaData footer = footer(good);
    footer.setNum_rows(rows);
    footer.getRow_groups().getFirst().setNum_rows(rows);
    ColumnMetaData column = column(footer, 0, 0);
    column.setNum_values(rows);
    column.setData_page_offset(4);
    column.unsetDictionary_page_offset();
    column.setTotal_compressed_size(bytes.length - 4L);
    ByteArrayOutputStream end = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, end);
    return closed(whole, end.toByteArray());
  }
}
