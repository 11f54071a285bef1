package io.kanana.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.sun.management.ThreadMXBean;
import io.kanana.core.random.RandomKey;
import io.kanana.data.parquet.Tables.Encoded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.format.AesGcmV1;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnCryptoMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.EncryptionAlgorithm;
import org.apache.parquet.format.EncryptionWithFooterKey;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that lie or are damaged: refused by name, and without the room that they claim. */
class HostileTableTest {
  /** Beside what the file itself takes. */
  private static final long MOST_ALLOCATED = 256L << 20;

  private static final int FREE = 64 << 20;

  @TempDir Path directory;

  /** As the expansion of a small file is bounded. */
  private static Toll toll() {
    long[] told = {0};
    return count -> {
      told[0] += count;
      if (told[0] > FREE) {
        throw new UncheckedIOException(new IOException("too far"));
      }
    };
  }

  private List<ParquetRow> read(byte[] bytes) throws IOException {
    Path file = Files.write(directory.resolve("a.parquet"), bytes);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      return Tables.read(file, toll());
    } finally {
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED);
    }
  }

  private void refused(byte[] bytes, String reason) {
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason);
  }

  private static byte[] good() throws IOException {
    return Tables.file(Tables.rows(100), Encoded.DICTIONARY, true);
  }

  private void footerRefused(Consumer<FileMetaData> lie, String reason) throws IOException {
    refused(Tampered.footer(good(), lie), reason);
  }

  @Test
  void theRewrittenFileIsRead() throws IOException {
    assertThat(read(Tampered.footer(good(), _ -> {}))).hasSize(100);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 20})
  void aFooterOfAnotherLengthIsRefused(int length) throws IOException {
    byte[] bytes = good();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(bytes.length - 8, length);
    refused(bytes, "its footer claims " + Integer.toUnsignedString(length) + " bytes");
  }

  @Test
  void aTruncatedFileIsRefusedWhereverItEnds() throws IOException {
    byte[] bytes = Tables.file(Tables.rows(3), Encoded.PLAIN, true);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> read(cut)).as("%d bytes", length).isInstanceOf(IOException.class);
    }
    refused(Arrays.copyOf(bytes, bytes.length - 1), "it is truncated: it does not end with PAR1");
  }

  @Test
  void whatIsNoParquetIsToldSo() {
    refused(
        "version https://git-lfs.github.com/spec/v1".getBytes(StandardCharsets.UTF_8),
        "it is no Parquet file: it does not begin with PAR1");
    refused(new byte[5], "it is no Parquet file: it has 5 bytes");
    refused("PARE, and whatever follows, PARE".getBytes(StandardCharsets.UTF_8), "it is encrypted");
  }

  @Test
  void anEncryptedFileIsToldSo() throws IOException {
    footerRefused(
        footer -> footer.setEncryption_algorithm(EncryptionAlgorithm.AES_GCM_V1(new AesGcmV1())),
        "it is encrypted");
    footerRefused(
        footer ->
            chunk(footer, 0, 3)
                .setCrypto_metadata(
                    ColumnCryptoMetaData.ENCRYPTION_WITH_FOOTER_KEY(new EncryptionWithFooterKey())),
        "it is encrypted");
  }

  private static ColumnChunk chunk(FileMetaData footer, int group, int column) {
    return footer.getRow_groups().get(group).getColumns().get(column);
  }

  @Test
  void rowsThatAreNotThereAreRefused() throws IOException {
    footerRefused(footer -> footer.setNum_rows(1L << 60), "it claims 1152921504606846976 rows");
    footerRefused(footer -> footer.setNum_rows(-5), "it claims -5 rows");
    footerRefused(
        footer -> {
          footer.setNum_rows(footer.getNum_rows() + 1);
          footer
              .getRow_groups()
              .getFirst()
              .setNum_rows(footer.getRow_groups().getFirst().getNum_rows() + 1);
        },
        "column id claims");
    footerRefused(footer -> footer.getRow_groups().getFirst().setNum_rows(-1), "-1 rows");
    footerRefused(
        footer -> {
          long more = 1L << 40;
          var group = footer.getRow_groups().getFirst();
          footer.setNum_rows(footer.getNum_rows() - group.getNum_rows() + more);
          group.setNum_rows(more);
          group.getColumns().forEach(column -> column.getMeta_data().setNum_values(more));
        },
        "column ");
  }

  @ParameterizedTest
  @CsvSource({
    "4,9223372036854775807",
    "4,-1",
    "-9223372036854775808,100",
    "9223372036854775807,1",
    "0,10",
    "4,1099511627776"
  })
  void columnsOutsideOfTheFileAreRefused(long begin, long length) throws IOException {
    footerRefused(
        footer -> {
          var column = chunk(footer, 0, 1).getMeta_data();
          column.unsetDictionary_page_offset();
          column.setData_page_offset(begin).setTotal_compressed_size(length);
        },
        "column text claims " + length + " bytes from byte " + begin);
  }

  @Test
  void bytesBelongToOneColumn() throws IOException {
    footerRefused(
        footer -> {
          var groups = footer.getRow_groups();
          footer.setNum_rows(1000 * groups.getFirst().getNum_rows());
          footer.setRow_groups(
              new ArrayList<>(java.util.Collections.nCopies(1000, groups.getFirst())));
        },
        "two columns claim byte ");
    footerRefused(
        footer -> {
          var first = chunk(footer, 0, 0).getMeta_data();
          first.setTotal_compressed_size(first.getTotal_compressed_size() + 1);
        },
        "two columns claim byte ");
  }

  @Test
  void otherFilesAreNotOpened() throws IOException {
    footerRefused(
        footer -> chunk(footer, 0, 0).setFile_path("/etc/passwd"),
        "column id lies in another file, which is not read");
  }

  @ParameterizedTest
  @EnumSource(
      value = CompressionCodec.class,
      names = {"LZO", "BROTLI", "LZ4"})
  void compressionsThatAreNotReadAreNamed(CompressionCodec codec) throws IOException {
    footerRefused(
        footer -> chunk(footer, 0, 0).getMeta_data().setCodec(codec),
        "its compression is " + codec.name().toLowerCase(java.util.Locale.ROOT) + ", which is not");
  }

  @Test
  void anotherCompressionThanThatOfThePagesIsRefused() throws IOException {
    for (CompressionCodec codec :
        List.of(
            CompressionCodec.ZSTD,
            CompressionCodec.GZIP,
            CompressionCodec.LZ4_RAW,
            CompressionCodec.UNCOMPRESSED)) {
      footerRefused(footer -> chunk(footer, 0, 1).getMeta_data().setCodec(codec), "column text: ");
    }
  }

  @Test
  void schemasThatAreNoneAreRefused() throws IOException {
    footerRefused(footer -> footer.getSchema().removeLast(), "its schema");
    footerRefused(footer -> footer.getSchema().clear(), "its schema ends too early");
    footerRefused(
        footer -> footer.getSchema().getFirst().setNum_children(Integer.MAX_VALUE), "its schema");
    footerRefused(footer -> footer.getSchema().getFirst().setNum_children(-1), "its schema");
    footerRefused(footer -> footer.getSchema().get(1).unsetRepetition_type(), "how often 'id'");
    footerRefused(footer -> footer.getSchema().get(1).setType(Type.INT64), "can only annotate");
    footerRefused(footer -> footer.getSchema().get(1).setName("url"), "");
    footerRefused(
        footer -> {
          List<SchemaElement> deep = new ArrayList<>(List.of(footer.getSchema().getFirst()));
          deep.getFirst().setNum_children(1);
          for (int i = 0; i < 10_000; i++) {
            deep.add(group("g"));
          }
          footer.setSchema(deep);
        },
        "its schema is nested deeper than 32");
    footerRefused(
        footer -> {
          List<SchemaElement> wide = new ArrayList<>(List.of(footer.getSchema().getFirst()));
          wide.getFirst().setNum_children(5000);
          for (int i = 0; i < 5000; i++) {
            SchemaElement leaf = group("c" + i).setType(Type.INT32);
            leaf.unsetNum_children();
            wide.add(leaf);
          }
          footer.setSchema(wide);
        },
        "its schema has 5000 columns");
  }

  private static SchemaElement group(String name) {
    return new SchemaElement(name)
        .setRepetition_type(FieldRepetitionType.REPEATED)
        .setNum_children(1);
  }

  /** Fields that nobody knows are passed over, whatever is in them. */
  @Test
  void aDeepFooterIsRefused() throws IOException {
    byte[] nested = new byte[1_000_000];
    Arrays.fill(nested, (byte) 0x1C); // a field, one further than the last, that is a structure
    refused(Tampered.closed("PAR1".getBytes(StandardCharsets.US_ASCII), nested), "description");
  }

  @Test
  void aFooterThatClaimsAListOrATextOfGigabytesIsRefused() {
    byte[] magic = "PAR1".getBytes(StandardCharsets.US_ASCII);
    byte[] large = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07};
    ByteArrayOutputStream list = new ByteArrayOutputStream();
    list.writeBytes(new byte[] {0x15, 0x02, 0x19, (byte) 0xFC}); // version 1, a list of structures
    list.writeBytes(large);
    refused(Tampered.closed(magic, list.toByteArray()), "its description is damaged");
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes(new byte[] {0x15, 0x02, 0x58}); // version 1, the writer
    text.writeBytes(large);
    refused(Tampered.closed(magic, text.toByteArray()), "its description is damaged");
  }

  private static byte[] oneText() throws IOException {
    return Tables.file(List.of(Map.of("text", "abc")), texts(), Encoded.PLAIN);
  }

  private static TableColumns texts() {
    return new TableColumns(List.of("text"));
  }

  private static PageHeader dataPage(int values, Encoding encoding, int size, int compressed) {
    PageHeader header = new PageHeader(PageType.DATA_PAGE, size, compressed);
    header.setData_page_header(new DataPageHeader(values, encoding, Encoding.RLE, Encoding.RLE));
    return header;
  }

  private static byte[] plain(String... texts) {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    for (String text : texts) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      page.writeBytes(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(utf8.length).array());
      page.writeBytes(utf8);
    }
    return page.toByteArray();
  }

  private static PageHeader dictionaryPage(int values, int size) {
    PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, size, size);
    header.setDictionary_page_header(new DictionaryPageHeader(values, Encoding.PLAIN));
    return header;
  }

  private void pagesRefused(long rows, String reason, Object... pages) throws IOException {
    List<Map.Entry<PageHeader, byte[]>> all = new ArrayList<>();
    for (int i = 0; i < pages.length; i += 2) {
      all.add(Map.entry((PageHeader) pages[i], (byte[]) pages[i + 1]));
    }
    refused(Tampered.pages(oneText(), rows, all), reason);
  }

  @Test
  void aPageMadeByHandIsRead() throws IOException {
    byte[] page = plain("x", "글");
    byte[] file =
        Tampered.pages(
            oneText(),
            2,
            List.of(Map.entry(dataPage(2, Encoding.PLAIN, page.length, page.length), page)));
    assertThat(read(file)).extracting(row -> row.fields().get("text")).containsExactly("x", "글");
  }

  @Test
  void pagesThatClaimMoreThanTheyHaveAreRefused() throws IOException {
    byte[] page = plain("x", "y");
    int size = page.length;
    int huge = Integer.MAX_VALUE;
    pagesRefused(
        2, "a page claims to hold 2147483647", dataPage(2, Encoding.PLAIN, huge, size), page);
    pagesRefused(2, "a page claims to hold -1 bytes", dataPage(2, Encoding.PLAIN, -1, size), page);
    pagesRefused(2, "too far", dataPage(2, Encoding.PLAIN, 1 << 30, size), page);
    pagesRefused(2, "and has others", dataPage(2, Encoding.PLAIN, size + 1, size), page);
    pagesRefused(2, "which its column has not", dataPage(2, Encoding.PLAIN, size, huge), page);
    pagesRefused(2, "which its column has not", dataPage(2, Encoding.PLAIN, size, -1), page);
    pagesRefused(
        2, "a page claims 2147483647 values", dataPage(huge, Encoding.PLAIN, size, size), page);
    pagesRefused(2, "a page claims -1 values", dataPage(-1, Encoding.PLAIN, size, size), page);
    pagesRefused(3, "column [text]", dataPage(3, Encoding.PLAIN, size, size), page);
    pagesRefused(4, "column text", dataPage(2, Encoding.PLAIN, size, size), page);
    byte[] long1 = plain("x");
    ByteBuffer.wrap(long1).order(ByteOrder.LITTLE_ENDIAN).putInt(huge);
    pagesRefused(1, "column", dataPage(1, Encoding.PLAIN, long1.length, long1.length), long1);
  }

  @Test
  void encodingsThatAreNotReadAreNamed() throws IOException {
    byte[] page = plain("x", "y");
    pagesRefused(
        2,
        "values in the encoding BIT_PACKED are not read",
        dataPage(2, Encoding.BIT_PACKED, page.length, page.length),
        page);
    pagesRefused(2, "", dataPage(2, Encoding.BYTE_STREAM_SPLIT, page.length, page.length), page);
    pagesRefused(
        2, "differences", dataPage(2, Encoding.DELTA_BYTE_ARRAY, page.length, page.length), page);
    pagesRefused(
        2,
        "dictionary was missing",
        dataPage(2, Encoding.RLE_DICTIONARY, 3, 3),
        new byte[] {1, 4, 0});
  }

  @Test
  void dictionariesAreAsLongAsTheySay() throws IOException {
    byte[] words = plain("x", "y");
    PageHeader two = dataPage(2, Encoding.RLE_DICTIONARY, 3, 3);
    byte[] both = {1, 4, 0};
    pagesRefused(
        2,
        "a dictionary claims 2147483647 values",
        dictionaryPage(Integer.MAX_VALUE, words.length),
        words,
        two,
        both);
    pagesRefused(2, "a dictionary claims -1", dictionaryPage(-1, words.length), words, two, both);
    pagesRefused(2, "damaged", dictionaryPage(2, words.length), words, two, new byte[] {8, 4, 9});
    pagesRefused(
        2, "values of 99 bits", dictionaryPage(2, words.length), words, two, new byte[] {99, 4, 0});
    pagesRefused(
        2,
        "a page has a run of",
        dictionaryPage(2, words.length),
        words,
        dataPage(2, Encoding.RLE_DICTIONARY, 6, 6),
        new byte[] {1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F});
    int most = ChunkPages.MAX_DICTIONARY;
    byte[] empty = new byte[4 * (most + 1)];
    pagesRefused(
        2,
        "at most " + most + " are read",
        dictionaryPage(most + 1, empty.length),
        empty,
        two,
        both);
    assertThat(
            read(
                Tampered.pages(
                    oneText(),
                    2,
                    List.of(
                        Map.entry(dictionaryPage(most, empty.length), empty),
                        Map.entry(two, both)))))
        .hasSize(2);
  }

  /** A text that stands once in the file, and in a million rows. */
  @Test
  void rowsThatExpandTooFarAreRefused() throws IOException {
    byte[] word = plain("x".repeat(100_000));
    pagesRefused(
        1 << 20,
        "too far",
        dictionaryPage(1, word.length),
        word,
        dataPage(1 << 20, Encoding.RLE_DICTIONARY, 5, 5),
        new byte[] {0, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x01}, // a run of 2^20 zeros
        dataPage(0, Encoding.PLAIN, 0, 0),
        new byte[0]);
  }

  @Test
  void aPageThatExpandsTooFarIsRefused() throws IOException {
    byte[] bomb = Zstd.compress(new byte[200 << 20]);
    byte[] zstd =
        Tampered.footer(
            oneText(),
            footer -> chunk(footer, 0, 0).getMeta_data().setCodec(CompressionCodec.ZSTD));
    byte[] file =
        Tampered.pages(
            zstd, 1, List.of(Map.entry(dataPage(1, Encoding.PLAIN, 200 << 20, bomb.length), bomb)));
    refused(file, "too far");
    byte[] lying =
        Tampered.pages(
            zstd, 1, List.of(Map.entry(dataPage(1, Encoding.PLAIN, 1000, bomb.length), bomb)));
    refused(lying, "column text");
  }

  /** Two thousand million rows of nothing, in a few bytes. */
  @Test
  void rowsOfNothingAreRefused() throws IOException {
    byte[] good = Tables.file(List.of(Map.of("x", 1)), new TableColumns(List.of()), Encoded.PLAIN);
    int rows = Integer.MAX_VALUE;
    byte[] nulls = {(byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F, 0};
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    page.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(6).array());
    page.writeBytes(nulls);
    int size = page.size();
    refused(
        Tampered.pages(
            good,
            rows,
            List.of(Map.entry(dataPage(rows, Encoding.PLAIN, size, size), page.toByteArray()))),
        "too far");
    PageHeader second = new PageHeader(PageType.DATA_PAGE_V2, nulls.length, nulls.length);
    second.setData_page_header_v2(
        new DataPageHeaderV2(rows, rows, rows, Encoding.PLAIN, nulls.length, 0));
    refused(Tampered.pages(good, rows, List.of(Map.entry(second, nulls))), "too far");
    second.getData_page_header_v2().setNum_values(2).setRepetition_levels_byte_length(rows);
    refused(Tampered.pages(good, 2, List.of(Map.entry(second, nulls))), "longer than it is");
  }

  /** One row with a list of two thousand million elements, by levels that contradict each other. */
  @Test
  void aRowWithoutEndIsRefused() throws IOException {
    byte[] good =
        Tables.file(
            List.of(Map.of("x", List.of(1, 2))), new TableColumns(List.of()), Encoded.PLAIN);
    ByteBuffer page = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
    // a row begins, and goes on and on
    page.putInt(8)
        .put(new byte[] {2, 0, (byte) 0xFC, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F, 1});
    page.putInt(6).put(new byte[] {(byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F, 0});
    byte[] levels = Arrays.copyOf(page.array(), page.position());
    PageHeader header = dataPage(Integer.MAX_VALUE, Encoding.PLAIN, levels.length, levels.length);
    byte[] endless =
        Tampered.footer(
            Tampered.pages(good, 1, List.of(Map.entry(header, levels))),
            footer -> Tampered.column(footer, 0, 0).setNum_values(Long.MAX_VALUE));
    refused(endless, "too far");
  }

  /** Each value begins with all of the one before. */
  @Test
  void aListThatGrowsWithItsSquareIsRefused() throws IOException {
    List<String> growing = new ArrayList<>();
    for (int i = 0; i < 12_500; i++) {
      growing.add("x".repeat(i));
    }
    byte[] bytes =
        Tables.file(List.of(Map.of("x", growing)), new TableColumns(List.of()), Encoded.DELTA);
    assertThat(bytes).hasSizeLessThan(100_000);
    refused(bytes, "too far");
  }

  /** Every byte of a column counts in its pages' check sums, or describes them. */
  @Test
  void anyDamageToPagesWithCheckSumsIsFound() throws IOException {
    List<Map<String, Object>> rows = Tables.rows(40);
    byte[] good = Tables.file(rows, Encoded.DICTIONARY, true);
    List<Map<String, Object>> expected = new ArrayList<>();
    read(good).forEach(row -> expected.add(row.fields()));
    RandomKey key = RandomKey.of(23);
    int end = (int) Tampered.column(Tampered.footer(good), 0, 0).getTotal_compressed_size();
    for (int i = 0; i < 300; i++) {
      byte[] bad = good.clone();
      bad[4 + key.child(i).below(0, end)] ^= (byte) (1 << key.child(i).below(1, 8));
      try {
        // of the headers not every bit means something
        assertThat(read(bad)).extracting(ParquetRow::fields).isEqualTo(expected);
      } catch (IOException e) {
        assertThat(e.getMessage()).containsAnyOf("column id: ", "column [id]");
      }
    }
  }

  /** Whatever is changed, the file is read or refused, in bounded room; a loop would not end. */
  @ParameterizedTest
  @EnumSource
  void mutatedTablesAreReadOrRefused(Encoded encoded) throws IOException {
    byte[] good = Tables.file(Tables.rows(60), encoded, false);
    RandomKey key = RandomKey.of(17).child(encoded.name().hashCode());
    int refused = 0;
    int inputs = Integer.getInteger("kanana.fuzz", 500);
    for (int i = 0; i < inputs; i++) {
      RandomKey own = key.child(i);
      byte[] bad = good.clone();
      for (int change = 0; change <= own.below(0, 4); change++) {
        RandomKey at = own.child(change);
        bad[at.below(0, bad.length)] =
            (byte)
                (at.below(1, 2) == 0
                    ? at.below(2, 256)
                    : List.of(0, 1, 127, 128, 255).get(at.below(3, 5)));
      }
      try {
        read(bad);
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(inputs / 10, inputs - 1);
  }
}
