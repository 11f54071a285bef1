package io.kanana.data.parquet;

import io.kanana.data.parquet.EncodedRuns.Levels;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;

/**
 * The pages of one column of one row group, one at a time: decompressed, and checked before anybody
 * decodes them. Failures are {@link UncheckedIOException}s. For one thread.
 */
final class ChunkPages implements PageReader {
  /** Statistics in it are some kilobytes. */
  private static final int MAX_HEADER = 1 << 20;

  private static final int MAX_PAGE = 1 << 30;

  /** Each becomes an object; writers end a dictionary at a megabyte. */
  static final int MAX_DICTIONARY = 1 << 20;

  private final Footer.Chunk chunk;
  private final ColumnDescriptor column;
  private final long rows;
  private final Toll toll;
  private final FilePart part;
  private final InputStream in;

  /** The header of a page that is not read yet; null where the next bytes begin one. */
  private PageHeader pending;

  private long values;
  private long rowsBegun;

  ChunkPages(FileChannel file, Footer.Chunk chunk, ColumnDescriptor column, long rows, Toll toll) {
    this.chunk = chunk;
    this.column = column;
    this.rows = rows;
    this.toll = toll;
    this.part = new FilePart(file, chunk.begin(), chunk.end());
    this.in = new BufferedInputStream(part, 1 << 13);
  }

  @Override
  public long getTotalValueCount() {
    return chunk.values();
  }

  @Override
  public DictionaryPage readDictionaryPage() {
    try {
      PageHeader header = header();
      if (header.getType() != PageType.DICTIONARY_PAGE) {
        pending = header;
        return null;
      }
      return dictionary(header);
    } catch (IOException e) {
      throw named(e);
    }
  }

  @Override
  public DataPage readPage() {
    try {
      PageHeader header = pending == null ? header() : pending;
      pending = null;
      while (header.getType() == PageType.INDEX_PAGE) {
        content(header);
        header = header();
      }
      return switch (header.getType()) {
        case DATA_PAGE -> first(header);
        case DATA_PAGE_V2 -> second(header);
        case null, default -> throw new IOException("a page is none of values");
      };
    } catch (IOException e) {
      throw named(e);
    }
  }

  private UncheckedIOException named(IOException e) {
    String name = String.join(".", column.getPath());
    return new UncheckedIOException(new IOException("column " + name + ": " + e.getMessage(), e));
  }

  private PageHeader header() throws IOException {
    return Thrift.read(new PageHeader(), in, MAX_HEADER);
  }

  /** The bytes of a page as they lie in the file. */
  private byte[] content(PageHeader header) throws IOException {
    int length = header.getCompressed_page_size();
    if (length < 0 || length > part.left() + in.available()) {
      throw new IOException("a page claims " + length + " bytes, which its column has not");
    }
    byte[] content = new byte[length];
    if (in.readNBytes(content, 0, length) < length) {
      throw new IOException("the file became shorter while it was read");
    }
    if (header.isSetCrc()) {
      CRC32 sum = new CRC32();
      sum.update(content);
      if ((int) sum.getValue() != header.getCrc()) {
        throw new IOException("the check sum of a page is another one");
      }
    }
    return content;
  }

  private byte[] decompressed(byte[] content, int from, int length) throws IOException {
    if (length < 0 || length > MAX_PAGE) {
      throw new IOException("a page claims to hold " + length + " bytes");
    }
    toll.bytes(length);
    byte[] page = new byte[length];
    if (length > 0 && held(content, from, page) != length) {
      throw new IOException("a page claims to hold " + length + " bytes and has others");
    }
    return page;
  }

  private int held(byte[] content, int from, byte[] page) throws IOException {
    try {
      return chunk.codec().decompress(content, from, content.length - from, page);
    } catch (IOException | RuntimeException e) {
      throw new IOException("a page cannot be decompressed (" + e.getMessage() + ")", e);
    }
  }

  private DictionaryPage dictionary(PageHeader header) throws IOException {
    DictionaryPageHeader said = header.getDictionary_page_header();
    if (said == null) {
      throw new IOException("a page of a dictionary does not describe it");
    }
    byte[] page = decompressed(content(header), 0, header.getUncompressed_page_size());
    int size = said.getNum_values();
    if (size < 0 || size > MAX_DICTIONARY || (long) size * leastBytes() > page.length) {
      throw new IOException(
          "a dictionary claims "
              + size
              + " values in "
              + page.length
              + " bytes; at most "
              + MAX_DICTIONARY
              + " are read");
    }
    return new DictionaryPage(BytesInput.from(page), size, encoding(said.getEncoding()));
  }

  /** How long a value is at least. */
  private int leastBytes() {
    return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
      case INT64, DOUBLE -> 8;
      case INT96 -> 12;
      case FIXED_LEN_BYTE_ARRAY -> Math.max(1, column.getPrimitiveType().getTypeLength());
      case BINARY, INT32, FLOAT -> 4;
      case BOOLEAN -> 1;
    };
  }

  private DataPage first(PageHeader header) throws IOException {
    DataPageHeader said = header.getData_page_header();
    if (said == null) {
      throw new IOException("a page of values does not describe them");
    }
    int count = count(said.getNum_values());
    byte[] page = decompressed(content(header), 0, header.getUncompressed_page_size());
    ByteBuffer body = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    Encoding repetition = encoding(said.getRepetition_level_encoding());
    Encoding definition = encoding(said.getDefinition_level_encoding());
    ByteBuffer repetitions = levels(body, column.getMaxRepetitionLevel(), repetition);
    ByteBuffer definitions = levels(body, column.getMaxDefinitionLevel(), definition);
    Encoding encoding = encoding(said.getEncoding());
    check(repetitions, definitions, body, encoding, count);
    return new DataPageV1(
        BytesInput.from(page), count, page.length, null, repetition, definition, encoding);
  }

  /** Takes the levels that stand before the values; null where there are none. */
  private static ByteBuffer levels(ByteBuffer body, int max, Encoding encoding) throws IOException {
    if (max == 0) {
      return null;
    }
    if (encoding != Encoding.RLE) {
      throw new IOException("levels in the encoding " + encoding + " are not read");
    }
    return part(body);
  }

  /** Takes bytes with their number before them. */
  private static ByteBuffer part(ByteBuffer body) throws IOException {
    int length = body.remaining() < 4 ? -1 : body.getInt();
    if (length < 0 || length > body.remaining()) {
      throw new IOException("a page claims a part of " + length + " bytes, which it has not");
    }
    ByteBuffer part = body.slice(body.position(), length);
    body.position(body.position() + length);
    return part;
  }

  private DataPage second(PageHeader header) throws IOException {
    DataPageHeaderV2 said = header.getData_page_header_v2();
    if (said == null) {
      throw new IOException("a page of values does not describe them");
    }
    int count = count(said.getNum_values());
    byte[] content = content(header);
    int repetition = said.getRepetition_levels_byte_length();
    int definition = said.getDefinition_levels_byte_length();
    if (repetition < 0 || definition < 0 || (long) repetition + definition > content.length) {
      throw new IOException("a page claims levels that are longer than it is");
    }
    int levels = repetition + definition;
    byte[] body =
        said.isIs_compressed()
            ? decompressed(content, levels, header.getUncompressed_page_size() - levels)
            : Arrays.copyOfRange(content, levels, content.length);
    Encoding encoding = encoding(said.getEncoding());
    check(
        ByteBuffer.wrap(content, 0, repetition),
        ByteBuffer.wrap(content, repetition, definition),
        ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN),
        encoding,
        count);
    return DataPageV2.uncompressed(
        said.getNum_rows(),
        said.getNum_nulls(),
        count,
        BytesInput.from(content, 0, repetition),
        BytesInput.from(content, repetition, definition),
        encoding,
        BytesInput.from(body),
        null);
  }

  /** The number of a page's values, of those that the column has left. */
  private int count(int claimed) throws IOException {
    if (claimed < 0 || claimed > chunk.values() - values) {
      throw new IOException(
          "a page claims " + claimed + " values; " + (chunk.values() - values) + " are left");
    }
    values += claimed;
    // those that are null take no room, but their time
    toll.bytes((long) ParquetRow.OVERHEAD * claimed);
    return claimed;
  }

  private void check(
      ByteBuffer repetitions, ByteBuffer definitions, ByteBuffer body, Encoding encoding, int count)
      throws IOException {
    int highest = column.getMaxRepetitionLevel();
    int complete = column.getMaxDefinitionLevel();
    Levels begun =
        highest == 0 ? new Levels(0, count) : EncodedRuns.levels(repetitions, highest, count, 0);
    if (rowsBegun == 0 && count > 0 && begun.first() != 0) {
      throw new IOException("its first row does not begin");
    }
    rowsBegun += begun.count();
    if (rowsBegun > rows || (values == chunk.values() && rowsBegun < rows)) {
      throw new IOException("its pages have " + rowsBegun + " rows and it claims " + rows);
    }
    int present =
        complete == 0 ? count : EncodedRuns.levels(definitions, complete, count, complete).count();
    checkValues(body, encoding, present);
  }

  private static void checkValues(ByteBuffer body, Encoding encoding, int present)
      throws IOException {
    switch (encoding) {
      // their decoders take what is there, and say where it ends too early
      case PLAIN, BYTE_STREAM_SPLIT -> {}
      case PLAIN_DICTIONARY, RLE_DICTIONARY -> {
        if (present > 0 && body.hasRemaining()) {
          EncodedRuns.check(body, body.get() & 0xFF, present);
        }
      }
      case RLE -> EncodedRuns.check(part(body), 1, present);
      case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY -> EncodedRuns.checkDeltas(body, present);
      case DELTA_BYTE_ARRAY -> {
        EncodedRuns.checkDeltas(body, present);
        EncodedRuns.checkDeltas(body, present);
      }
      default -> throw new IOException("values in the encoding " + encoding + " are not read");
    }
  }

  private static Encoding encoding(org.apache.parquet.format.Encoding said) throws IOException {
    if (said == null) {
      throw new IOException("the encoding of a page is none that is known");
    }
    try {
      return Encoding.valueOf(said.name());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "the encoding " + said.name().toLowerCase(Locale.ROOT) + " is not read", e);
    }
  }
}
