package io.kanana.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.random.RandomKey;
import io.kanana.data.parquet.Tables.Encoded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.GroupWriter;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetRowsTest {
  @TempDir Path directory;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("a.parquet"), bytes);
  }

  private List<Map<String, Object>> read(byte[] bytes) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    Tables.read(file(bytes), _ -> {}).forEach(row -> rows.add(row.fields()));
    return rows;
  }

  @ParameterizedTest
  @EnumSource
  void rowsComeBackAsTheyWere(Encoded encoded) throws IOException {
    List<Map<String, Object>> rows = Tables.rows(300);
    assertThat(read(Tables.file(rows, encoded, true))).isEqualTo(rows);
    assertThat(read(Tables.file(rows, encoded, false))).isEqualTo(rows);
  }

  /** So that the test above is about what it says. */
  @Test
  void theTablesHaveEveryEncoding() throws IOException {
    Set<Encoding> encodings = new TreeSet<>();
    for (Encoded encoded : Encoded.values()) {
      FileMetaData footer = Tampered.footer(Tables.file(Tables.rows(300), encoded, false));
      assertThat(footer.getRow_groups()).hasSizeGreaterThan(2);
      for (RowGroup group : footer.getRow_groups()) {
        group
            .getColumns()
            .forEach(column -> encodings.addAll(column.getMeta_data().getEncodings()));
      }
    }
    assertThat(encodings)
        .contains(
            Encoding.PLAIN,
            Encoding.PLAIN_DICTIONARY,
            Encoding.RLE_DICTIONARY,
            Encoding.RLE,
            Encoding.DELTA_BINARY_PACKED,
            Encoding.DELTA_BYTE_ARRAY,
            Encoding.BYTE_STREAM_SPLIT);
  }

  @Test
  void whatIsWrittenDependsOnTheRowsAlone() throws IOException {
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    ByteArrayOutputStream second = new ByteArrayOutputStream();
    for (ByteArrayOutputStream bytes : List.of(first, second)) {
      List<Map<String, Object>> rows = Tables.rows(500);
      ParquetWriter writer = new ParquetWriter(Channels.newChannel(bytes), Tables.columns(rows));
      for (Map<String, Object> row : rows) {
        writer.write(row);
      }
      writer.finish();
    }
    assertThat(first.toByteArray()).isEqualTo(second.toByteArray());
    assertThat(read(first.toByteArray())).isEqualTo(Tables.rows(500));
  }

  /** Whatever JSON values rows have, in whatever mixture. */
  @Test
  void anyRowsComeBack() throws IOException {
    Iterator<Encoded> encodings = List.of(Encoded.values()).iterator();
    for (int table = 0; table < 30; table++) {
      List<Map<String, Object>> rows = new ArrayList<>();
      RandomKey key = RandomKey.of(5).child(table);
      for (int i = 0; i < 20; i++) {
        Map<String, Object> row = new LinkedHashMap<>(Map.of("id", "r" + i, "text", "t" + i));
        for (int field = 0; field < 4; field++) {
          RandomKey own = key.child(i).child(field);
          row.put("f" + field, ShapeTest.value(table % 2 == 0 ? own : key.child(field), 3));
        }
        rows.add(row);
      }
      Shape shape = Tables.columns(rows).shape();
      Encoded encoded = encodings.next();
      encodings = encodings.hasNext() ? encodings : List.of(Encoded.values()).iterator();
      List<Object> expected = new ArrayList<>();
      rows.forEach(row -> expected.add(held(shape, row)));
      assertThat(read(Tables.file(rows, encoded, true))).isEqualTo(expected);
    }
  }

  /** A value as a column holds it. */
  private static Object held(Shape shape, Object value) {
    return switch (shape) {
      case Shape.Fields(var shapes) -> {
        Map<String, Object> held = new LinkedHashMap<>();
        shapes.forEach(
            (name, each) -> {
              Object field = ((Map<?, ?>) value).get(name);
              if (field != null) {
                held.put(name, held(each, field));
              }
            });
        yield held;
      }
      case Shape.Several(Shape element) -> {
        List<Object> held = new ArrayList<>();
        for (Object each : (List<?>) value) {
          held.add(each == null ? null : held(element, each));
        }
        yield held;
      }
      case Shape.Scalar scalar ->
          scalar == Shape.Scalar.FRACTION ? (Object) ((Number) value).doubleValue() : value;
    };
  }

  @Test
  void aNullIsLeftOutButNotOfAList() throws IOException {
    Map<String, Object> row = new HashMap<>();
    row.put("id", "a");
    row.put("text", "b");
    row.put("nothing", null);
    row.put("list", Arrays.asList("x", null));
    Map<String, Object> inner = new HashMap<>();
    inner.put("here", 1);
    inner.put("not", null);
    row.put("fields", inner);
    assertThat(read(Tables.file(List.of(row), Encoded.PLAIN, true)))
        .containsExactly(
            Map.of(
                "id",
                "a",
                "text",
                "b",
                "list",
                Arrays.asList("x", null),
                "fields",
                Map.of("here", 1)));
  }

  @Test
  void aLongRowIsMeasuredAndNotKept() throws IOException {
    Map<String, Object> row =
        Map.of("id", "a", "text", "b", "list", List.of("x".repeat(2000), "y".repeat(1000)));
    Path file =
        file(Tables.file(List.of(row, Map.of("id", "c", "text", "d")), Encoded.PLAIN, true));
    List<ParquetRow> rows = Tables.read(file, Set.of(), 1000, _ -> {});
    assertThat(rows.getFirst().bytes()).isGreaterThan(3000);
    assertThat(rows.getFirst().fields().get("list")).isEqualTo(List.of());
    assertThat(rows.get(1).fields()).isEqualTo(Map.of("id", "c", "text", "d"));
    assertThat(rows.get(1).bytes()).isLessThan(100);
  }

  /** Of the pages, and of what a dictionary holds once as often as it stands in rows. */
  @Test
  void theTollIsToldOfEveryRow() throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(Map.of("id", "same", "text", "x".repeat(10_000)));
    }
    byte[] small = Tables.file(rows, Encoded.DICTIONARY, true);
    assertThat(small).hasSizeLessThan(200_000);
    long[] told = {0};
    assertThat(Tables.read(file(small), count -> told[0] += count)).hasSize(100);
    assertThat(told[0]).isBetween(1_000_000L, 2_200_000L);
    Toll refusing =
        count -> {
          if ((told[0] -= count) < 0) {
            throw new UncheckedIOException(new IOException("enough"));
          }
        };
    told[0] = 500_000;
    assertThatThrownBy(() -> Tables.read(file(small), refusing)).hasMessage("enough");
  }

  private byte[] table(MessageType schema, Map<String, ConvertedType> meanings, Group... rows)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<SchemaElement> described = SchemaList.of(schema);
    for (SchemaElement element : described) {
      ConvertedType meaning = meanings.get(element.getName());
      if (meaning != null) {
        element.setConverted_type(meaning);
      }
    }
    TableFile file =
        new TableFile(
            Channels.newChannel(bytes), schema, described, Encoded.DICTIONARY.layout(true));
    for (Group row : rows) {
      new GroupWriter(file.row(), schema).write(row);
      file.endRow();
    }
    file.finish();
    return bytes.toByteArray();
  }

  @Test
  void bytesAreTextWhereTextIsWanted() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required binary text; required binary raw; required binary said; }");
    SimpleGroupFactory rows = new SimpleGroupFactory(schema);
    Binary bad = Binary.fromConstantByteArray(new byte[] {'a', (byte) 0xC0, (byte) 0xAF});
    Binary replacing = Binary.fromString("\uFFFD");
    byte[] bytes =
        table(
            schema,
            Map.of("said", ConvertedType.UTF8),
            rows.newGroup().append("text", "글").append("raw", "raw").append("said", replacing),
            rows.newGroup().append("text", "b").append("raw", bad).append("said", "s"),
            rows.newGroup().append("text", "c").append("raw", "").append("said", bad),
            rows.newGroup().append("text", bad).append("raw", "").append("said", "d"));
    List<ParquetRow> read = Tables.read(file(bytes), _ -> {});
    assertThat(read.get(0).fields())
        .isEqualTo(Map.of("text", "글", "raw", "cmF3", "said", "\uFFFD"));
    assertThat(read.get(1).fields()).isEqualTo(Map.of("text", "b", "raw", "YcCv", "said", "s"));
    assertThat(read).extracting(ParquetRow::notUtf8).containsExactly(null, null, "said", "text");
  }

  /** By the rules for backward compatibility of the format's LogicalTypes.md. */
  @Test
  void listsAndMapsOfOlderWritersAreRead() throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            """
            message m {
              optional group two { repeated int32 element; }
              optional group pairs { repeated group element { required int32 a; optional int32 b; } }
              optional group named { repeated group array { required int32 a; } }
              optional group tuple { repeated group tuple_tuple { required int32 a; } }
              optional group three { repeated group bag { optional int32 item; } }
              optional group map { repeated group key_value { required binary key; optional int32 v; } }
              repeated int32 bare;
              optional group nomap { repeated group key_value { required int32 k; } }
            }
            """);
    Group row = new SimpleGroupFactory(schema).newGroup();
    row.addGroup("two").append("element", 1).append("element", 2);
    row.addGroup("pairs").addGroup("element").append("a", 3);
    row.addGroup("named").addGroup("array").append("a", 4);
    row.addGroup("tuple").addGroup("tuple_tuple").append("a", 5);
    Group three = row.addGroup("three");
    three.addGroup("bag").append("item", 6);
    three.addGroup("bag");
    Group map = row.addGroup("map");
    map.addGroup("key_value").append("key", "x").append("v", 7);
    map.addGroup("key_value").append("key", "y");
    row.append("bare", 8).append("bare", 9);
    row.addGroup("nomap").addGroup("key_value").append("k", 10);
    Map<String, ConvertedType> meanings =
        Map.of(
            "two", ConvertedType.LIST,
            "pairs", ConvertedType.LIST,
            "named", ConvertedType.LIST,
            "tuple", ConvertedType.LIST,
            "three", ConvertedType.LIST,
            "map", ConvertedType.MAP,
            "key", ConvertedType.UTF8,
            "nomap", ConvertedType.MAP_KEY_VALUE);
    Group empty = new SimpleGroupFactory(schema).newGroup();
    Map<String, Object> values = new HashMap<>();
    values.put("x", 7);
    values.put("y", null);
    List<Map<String, Object>> read = read(table(schema, meanings, row, empty));
    assertThat(read.getFirst())
        .containsEntry("two", List.of(1, 2))
        .containsEntry("pairs", List.of(Map.of("a", 3)))
        .containsEntry("named", List.of(Map.of("a", 4)))
        .containsEntry("tuple", List.of(Map.of("a", 5)))
        .containsEntry("three", Arrays.asList(6, null))
        .containsEntry("map", values)
        .containsEntry("bare", List.of(8, 9))
        .containsEntry("nomap", Map.of("key_value", List.of(Map.of("k", 10))));
    assertThat(read.get(1)).isEmpty();
  }
}
