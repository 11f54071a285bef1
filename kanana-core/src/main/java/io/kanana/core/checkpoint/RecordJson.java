package io.kanana.core.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * Records as JSON, in the files that runs and artefacts write and read again. What is read has
 * every component of the record, of its own type and none beside them, and nothing stands behind
 * it. Thread-safe.
 */
public final class RecordJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private RecordJson() {}

  /** Indented, with a line feed at its end; the same text for equal records. */
  public static String write(Record record) {
    try {
      return JSON.writeValueAsString(record) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of numbers and texts can always be written", e);
    }
  }

  /**
   * What {@link #write} made, in UTF-8.
   *
   * @param type of the record
   * @throws JsonProcessingException if it is no such record; its original message says why
   */
  public static <T> T read(byte[] json, Class<T> type) throws JsonProcessingException {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can always be read", e);
    }
  }
}
