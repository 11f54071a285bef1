package io.kanana.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;

/** Values of every meaning; expectations are what pyarrow gives, written in ISO 8601. */
class JsonValuesTest {
  private static PrimitiveType type(PrimitiveTypeName kept, LogicalTypeAnnotation meaning) {
    return Types.primitive(kept, Repetition.OPTIONAL).as(meaning).named("x");
  }

  private static Object whole(PrimitiveTypeName kept, LogicalTypeAnnotation meaning, long value) {
    return JsonValues.of(type(kept, meaning)).ofWhole().apply(value);
  }

  private static Object binary(LogicalTypeAnnotation meaning, byte... value) {
    return JsonValues.of(type(PrimitiveTypeName.BINARY, meaning))
        .ofBinary()
        .apply(Binary.fromConstantByteArray(value));
  }

  private static Object json(String json) {
    return binary(LogicalTypeAnnotation.jsonType(), Binary.fromString(json).getBytes());
  }

  private static Object fixed(int length, LogicalTypeAnnotation meaning, byte[] value) {
    PrimitiveType type =
        Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
            .length(length)
            .as(meaning)
            .named("x");
    return JsonValues.of(type).ofBinary().apply(Binary.fromConstantByteArray(value));
  }

  @Test
  void wholeNumbersAreAsJacksonReadsThem() {
    assertThat(whole(PrimitiveTypeName.INT64, null, 7)).isEqualTo(7);
    assertThat(whole(PrimitiveTypeName.INT64, null, -(1L << 40))).isEqualTo(-(1L << 40));
    assertThat(whole(PrimitiveTypeName.INT32, LogicalTypeAnnotation.intType(32, false), -1))
        .isEqualTo(4_294_967_295L);
    assertThat(whole(PrimitiveTypeName.INT64, LogicalTypeAnnotation.intType(64, false), -1))
        .isEqualTo(new BigInteger("18446744073709551615"));
    assertThat(whole(PrimitiveTypeName.INT64, LogicalTypeAnnotation.intType(64, false), 5))
        .isEqualTo(5);
  }

  @Test
  void datesAndTimesAreInIso8601() {
    assertThat(whole(PrimitiveTypeName.INT32, LogicalTypeAnnotation.dateType(), 19_783))
        .isEqualTo("2024-03-01");
    assertThat(whole(PrimitiveTypeName.INT32, LogicalTypeAnnotation.dateType(), -1))
        .isEqualTo("1969-12-31");
    assertThat(timestamp(true, TimeUnit.MILLIS, 1_709_251_200_123L))
        .isEqualTo("2024-03-01T00:00:00.123Z");
    assertThat(timestamp(false, TimeUnit.MICROS, 1_709_251_200_000_001L))
        .isEqualTo("2024-03-01T00:00:00.000001");
    assertThat(timestamp(true, TimeUnit.NANOS, -1)).isEqualTo("1969-12-31T23:59:59.999999999Z");
    assertThat(
            whole(
                PrimitiveTypeName.INT32,
                LogicalTypeAnnotation.timeType(true, TimeUnit.MILLIS),
                45_296_789))
        .isEqualTo("12:34:56.789");
    assertThat(
            whole(
                PrimitiveTypeName.INT64,
                LogicalTypeAnnotation.timeType(true, TimeUnit.MICROS),
                Long.MAX_VALUE))
        .as("no time of a day")
        .isEqualTo(Long.MAX_VALUE);
    byte[] impala =
        ByteBuffer.allocate(12)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(3_600_000_000_000L)
            .putInt(2_440_589)
            .array();
    assertThat(
            JsonValues.of(type(PrimitiveTypeName.INT96, null))
                .ofBinary()
                .apply(Binary.fromConstantByteArray(impala)))
        .isEqualTo("1970-01-02T01:00:00Z");
  }

  private static Object timestamp(boolean utc, TimeUnit unit, long value) {
    return whole(PrimitiveTypeName.INT64, LogicalTypeAnnotation.timestampType(utc, unit), value);
  }

  @Test
  void decimalsAreNumbers() {
    LogicalTypeAnnotation cents = LogicalTypeAnnotation.decimalType(2, 9);
    assertThat(whole(PrimitiveTypeName.INT32, cents, -1050)).isEqualTo(-10.5);
    assertThat(binary(cents, (byte) 0x04, (byte) 0x1A)).isEqualTo(10.5);
    LogicalTypeAnnotation ids = LogicalTypeAnnotation.decimalType(0, 38);
    BigInteger large = new BigInteger("12345678901234567890123456789012345678");
    assertThat(fixed(16, ids, padded(large))).isEqualTo(large);
    assertThat(fixed(16, ids, padded(BigInteger.TEN))).isEqualTo(10);
    assertThat(binary(cents, new byte[65]))
        .as("no decimal of anybody's")
        .isInstanceOf(String.class);
  }

  private static byte[] padded(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] padded = new byte[16];
    System.arraycopy(bytes, 0, padded, 16 - bytes.length, bytes.length);
    return padded;
  }

  /** A hostile scale costs nothing. */
  @Test
  void theLargestScaleIsRead() {
    assertThat(binary(LogicalTypeAnnotation.decimalType(2_000_000_000, 2_000_000_000), (byte) 1))
        .isEqualTo(0.0);
    assertThat(new BigDecimal(BigInteger.ONE, 2).doubleValue()).isEqualTo(0.01);
  }

  @Test
  void otherBytesAreReadByTheirMeaning() {
    byte[] uuid = HexFormat.of().parseHex("123e4567e89b12d3a456426614174000");
    assertThat(fixed(16, LogicalTypeAnnotation.uuidType(), uuid))
        .isEqualTo("123e4567-e89b-12d3-a456-426614174000");
    assertThat(fixed(2, LogicalTypeAnnotation.float16Type(), new byte[] {0x00, 0x3E}))
        .isEqualTo(1.5);
    assertThat(fixed(2, LogicalTypeAnnotation.float16Type(), new byte[] {0x00, 0x7C}))
        .as("infinity")
        .isNull();
    assertThat(fixed(3, null, new byte[] {1, 2, 3})).isEqualTo("AQID");
    assertThat(binary(LogicalTypeAnnotation.enumType(), (byte) 'a')).isEqualTo("a");
    assertThat(binary(LogicalTypeAnnotation.bsonType(), (byte) 'a')).isEqualTo("YQ==");
  }

  @Test
  void jsonIsWhatItSays() {
    assertThat(json("{\"a\": [1, 2.5, null, \"글\"]}"))
        .isEqualTo(Map.of("a", new ArrayList<>(java.util.Arrays.asList(1, 2.5, null, "글"))));
    assertThat(json("\"text\"")).isEqualTo("text");
    assertThat(json("{broken")).isEqualTo("{broken");
    assertThat(json("[1] 2")).isEqualTo("[1] 2");
    assertThat(json("[".repeat(100_000))).isEqualTo("[".repeat(100_000));
    assertThat(binary(LogicalTypeAnnotation.jsonType(), (byte) 0xC0))
        .isSameAs(JsonValues.NoText.NOT_UTF_8);
    assertThat(List.of(json("7"), json("true"))).containsExactly(7, true);
  }

  @Test
  void numbersThatJsonLacksAreNull() {
    assertThat(JsonValues.finite(0.5)).isEqualTo(0.5);
    assertThat(JsonValues.finite(Double.NaN)).isNull();
    assertThat(JsonValues.finite(Float.NEGATIVE_INFINITY)).isNull();
  }
}
