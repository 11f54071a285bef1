package io.kanana.data.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriteStore;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.statistics.geospatial.GeospatialStatistics;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;

/** The compressed pages of one row group until all its columns are complete. */
final class PageBuffers implements PageWriteStore {
  private final PageCompression compression;
  private final boolean sums;
  private final Map<List<String>, Column> columns = new HashMap<>();

  /**
   * @param sums whether pages have check sums
   */
  PageBuffers(PageCompression compression, boolean sums) {
    this.compression = compression;
    this.sums = sums;
  }

  @Override
  public Column getPageWriter(ColumnDescriptor column) {
    return columns.computeIfAbsent(List.of(column.getPath()), _ -> new Column());
  }

  private static byte[] bytes(BytesInput input) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(input.size()));
    input.writeAllTo(bytes);
    return bytes.toByteArray();
  }

  /** The pages of one column, with their headers. */
  final class Column implements PageWriter {
    private final ByteArrayOutputStream dictionary = new ByteArrayOutputStream();
    private final ByteArrayOutputStream pages = new ByteArrayOutputStream();
    private final SortedSet<org.apache.parquet.format.Encoding> encodings = new TreeSet<>();
    private long values;
    private long uncompressed;

    /** The page that comes first in the file, though it is written last; empty where none is. */
    ByteArrayOutputStream dictionary() {
      return dictionary;
    }

    ByteArrayOutputStream pages() {
      return pages;
    }

    List<org.apache.parquet.format.Encoding> encodings() {
      return List.copyOf(encodings);
    }

    long values() {
      return values;
    }

    /** How long it would be, headers included, if no page were compressed. */
    long uncompressed() {
      return uncompressed;
    }

    private org.apache.parquet.format.Encoding used(Encoding encoding) {
      var used = org.apache.parquet.format.Encoding.valueOf(encoding.name());
      encodings.add(used);
      return used;
    }

    /** Writes header and content. */
    private void add(ByteArrayOutputStream out, PageHeader header, byte[] content)
        throws IOException {
      if (sums) {
        CRC32 sum = new CRC32();
        sum.update(content);
        header.setCrc((int) sum.getValue());
      }
      int before = out.size();
      Util.writePageHeader(header, out);
      uncompressed += out.size() - before + header.getUncompressed_page_size();
      out.write(content);
    }

    @Override
    public void writeDictionaryPage(DictionaryPage page) throws IOException {
      byte[] content = bytes(page.getBytes());
      byte[] compressed = compression.compress(content);
      PageHeader header =
          new PageHeader(PageType.DICTIONARY_PAGE, content.length, compressed.length);
      header.setDictionary_page_header(
          new DictionaryPageHeader(page.getDictionarySize(), used(page.getEncoding())));
      add(dictionary, header, compressed);
    }

    private void first(
        BytesInput bytes, int count, Encoding repetition, Encoding definition, Encoding encoding)
        throws IOException {
      byte[] content = bytes(bytes);
      byte[] compressed = compression.compress(content);
      PageHeader header = new PageHeader(PageType.DATA_PAGE, content.length, compressed.length);
      header.setData_page_header(
          new DataPageHeader(count, used(encoding), used(definition), used(repetition)));
      values += count;
      add(pages, header, compressed);
    }

    @Override
    public void writePage(
        BytesInput bytes,
        int count,
        int rows,
        Statistics<?> statistics,
        SizeStatistics sizes,
        GeospatialStatistics places,
        Encoding repetition,
        Encoding definition,
        Encoding encoding)
        throws IOException {
      first(bytes, count, repetition, definition, encoding);
    }

    @Override
    public void writePage(
        BytesInput bytes,
        int count,
        int rows,
        Statistics<?> statistics,
        Encoding repetition,
        Encoding definition,
        Encoding encoding)
        throws IOException {
      first(bytes, count, repetition, definition, encoding);
    }

    @Override
    @Deprecated
    public void writePage(
        BytesInput bytes,
        int count,
        Statistics<?> statistics,
        Encoding repetition,
        Encoding definition,
        Encoding encoding)
        throws IOException {
      first(bytes, count, repetition, definition, encoding);
    }

    @Override
    public void writePageV2(
        int rows,
        int nulls,
        int count,
        BytesInput repetitions,
        BytesInput definitions,
        Encoding encoding,
        BytesInput data,
        Statistics<?> statistics)
        throws IOException {
      byte[] levels = bytes(BytesInput.concat(repetitions, definitions));
      byte[] content = bytes(data);
      byte[] compressed = compression.compress(content);
      byte[] page = bytes(BytesInput.concat(BytesInput.from(levels), BytesInput.from(compressed)));
      PageHeader header =
          new PageHeader(PageType.DATA_PAGE_V2, levels.length + content.length, page.length);
      header.setData_page_header_v2(
          new DataPageHeaderV2(
              count,
              nulls,
              rows,
              used(encoding),
              (int) definitions.size(),
              (int) repetitions.size()));
      values += count;
      add(pages, header, page);
    }

    @Override
    public void writePageV2(
        int rows,
        int nulls,
        int count,
        BytesInput repetitions,
        BytesInput definitions,
        Encoding encoding,
        BytesInput data,
        Statistics<?> statistics,
        SizeStatistics sizes,
        GeospatialStatistics places)
        throws IOException {
      writePageV2(rows, nulls, count, repetitions, definitions, encoding, data, statistics);
    }

    @Override
    public long getMemSize() {
      return (long) dictionary.size() + pages.size();
    }

    @Override
    public long allocatedSize() {
      return getMemSize();
    }

    @Override
    public String memUsageString(String prefix) {
      return prefix + getMemSize();
    }
  }
}
