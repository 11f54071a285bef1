package io.kanana.data.parquet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * What a column's values are in JSON: numbers as Jackson reads them; dates and times as in ISO
 * 8601; decimals as numbers; bytes without a meaning as Base64; JSON in a column as what it says.
 *
 * @param ofBinary for values that are bytes; null where they are none
 * @param ofWhole for values that are whole numbers; null where they are none
 */
record JsonValues(Function<Binary, Object> ofBinary, LongFunction<Object> ofWhole) {
  /** In place of a text. */
  enum NoText {
    NOT_UTF_8
  }

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Bytes; longer ones are none of anybody's, and to write one in digits takes its square. */
  private static final int MAX_DECIMAL = 64;

  private static final long JULIAN_DAY_OF_EPOCH = 2_440_588;

  /** Text, whatever the column says of itself. */
  static JsonValues text(PrimitiveType type) {
    return type.getPrimitiveTypeName() == PrimitiveTypeName.BINARY
        ? binary(JsonValues::utf8)
        : of(type);
  }

  static JsonValues of(PrimitiveType type) {
    PrimitiveTypeName kept = type.getPrimitiveTypeName();
    return switch (kept) {
      case INT32, INT64 -> new JsonValues(null, wholes(type.getLogicalTypeAnnotation(), kept));
      case INT96 -> binary(JsonValues::impalaTime);
      case BINARY, FIXED_LEN_BYTE_ARRAY -> binary(binaries(type.getLogicalTypeAnnotation()));
      case FLOAT, DOUBLE, BOOLEAN -> new JsonValues(null, null);
    };
  }

  private static JsonValues binary(Function<Binary, Object> of) {
    return new JsonValues(of, null);
  }

  private static LongFunction<Object> wholes(
      LogicalTypeAnnotation meaning, PrimitiveTypeName kept) {
    boolean narrow = kept == PrimitiveTypeName.INT32;
    return switch (meaning) {
      case DateLogicalTypeAnnotation _ -> day -> LocalDate.ofEpochDay(day).toString();
      case TimeLogicalTypeAnnotation time -> value -> time(time, value);
      case TimestampLogicalTypeAnnotation time -> value -> timestamp(time, value);
      case DecimalLogicalTypeAnnotation decimal ->
          value -> decimal(BigInteger.valueOf(value), decimal.getScale());
      case IntLogicalTypeAnnotation whole when !whole.isSigned() ->
          narrow
              ? value -> number(value & 0xFFFF_FFFFL)
              : value -> number(new BigInteger(Long.toUnsignedString(value)));
      case null, default -> JsonValues::number;
    };
  }

  private static Function<Binary, Object> binaries(LogicalTypeAnnotation meaning) {
    return switch (meaning) {
      case StringLogicalTypeAnnotation _ -> JsonValues::utf8;
      case EnumLogicalTypeAnnotation _ -> JsonValues::utf8;
      case JsonLogicalTypeAnnotation _ -> JsonValues::json;
      case DecimalLogicalTypeAnnotation decimal ->
          value -> value.length() > MAX_DECIMAL ? base64(value) : decimal(decimal, value);
      case UUIDLogicalTypeAnnotation _ -> JsonValues::uuid;
      case Float16LogicalTypeAnnotation _ -> JsonValues::half;
      case null, default -> JsonValues::base64;
    };
  }

  private static Object base64(Binary value) {
    return Base64.getEncoder().encodeToString(value.getBytes());
  }

  private static Object utf8(Binary value) {
    ByteBuffer bytes = value.toByteBuffer();
    byte[] array = bytes.array();
    int from = bytes.arrayOffset() + bytes.position();
    String text = new String(array, from, bytes.remaining(), StandardCharsets.UTF_8);
    // the decoder that replaces is several times faster than the one that reports
    return text.indexOf('\uFFFD') < 0 || isUtf8(bytes) ? text : NoText.NOT_UTF_8;
  }

  private static boolean isUtf8(ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()) != null;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static Object json(Binary value) {
    Object text = utf8(value);
    if (text instanceof NoText) {
      return text;
    }
    try {
      return JSON.readValue((String) text, Object.class);
    } catch (JsonProcessingException e) {
      // it is what it is
      return text;
    }
  }

  private static Object uuid(Binary value) {
    ByteBuffer bytes = value.toByteBuffer();
    return new UUID(bytes.getLong(), bytes.getLong()).toString();
  }

  private static Object half(Binary value) {
    return finite(
        Float.float16ToFloat(value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getShort()));
  }

  /** Null for what JSON has no number for. */
  static Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /** As Jackson reads it. */
  static Number number(long value) {
    return value == (int) value ? (Number) (int) value : (Number) value;
  }

  private static Number number(BigInteger value) {
    return value.bitLength() < Long.SIZE ? number(value.longValue()) : value;
  }

  private static Number decimal(BigInteger unscaled, int scale) {
    return scale == 0 ? number(unscaled) : finite(new BigDecimal(unscaled, scale).doubleValue());
  }

  private static Number decimal(DecimalLogicalTypeAnnotation decimal, Binary value) {
    return decimal(new BigInteger(value.getBytes()), decimal.getScale());
  }

  private static long nanoseconds(LogicalTypeAnnotation.TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 1_000_000;
      case MICROS -> 1_000;
      case NANOS -> 1;
    };
  }

  private static Object time(TimeLogicalTypeAnnotation time, long value) {
    try {
      long nanoseconds = Math.multiplyExact(value, nanoseconds(time.getUnit()));
      return DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(nanoseconds));
    } catch (DateTimeException | ArithmeticException e) {
      // no time of a day
      return number(value);
    }
  }

  private static String timestamp(TimestampLogicalTypeAnnotation time, long value) {
    long perSecond = TimeUnit.SECONDS.toNanos(1) / nanoseconds(time.getUnit());
    String utc =
        Instant.ofEpochSecond(
                Math.floorDiv(value, perSecond),
                Math.floorMod(value, perSecond) * nanoseconds(time.getUnit()))
            .toString();
    return time.isAdjustedToUTC() ? utc : utc.substring(0, utc.length() - 1);
  }

  /** Nanoseconds of the day, then the Julian day, as Impala and older Spark write times. */
  private static Object impalaTime(Binary value) {
    ByteBuffer bytes = value.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long nanoseconds = bytes.getLong();
    long day = bytes.getInt() - JULIAN_DAY_OF_EPOCH;
    return Instant.ofEpochSecond(TimeUnit.DAYS.toSeconds(day), nanoseconds).toString();
  }
}
