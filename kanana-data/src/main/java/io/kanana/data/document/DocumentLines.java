package io.kanana.data.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Documents as lines of JSON: {@code id}, {@code text}, then the metadata. What is written is what
 * a {@code files} source reads back.
 */
public final class DocumentLines {
  private static final String ID = "id";
  private static final String TEXT = "text";
  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  // what is read here was written here, so its size is no surprise
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxStringLength(Integer.MAX_VALUE)
                      .maxNestingDepth(2000)
                      .build())
              .build());

  private DocumentLines() {}

  /** The same document, its metadata beside {@code id} and {@code text} under other names. */
  public static Document storable(Document document) {
    Map<String, Object> metadata = document.metadata();
    if (!metadata.containsKey(ID) && !metadata.containsKey(TEXT)) {
      return document;
    }
    Map<String, Object> renamed = new LinkedHashMap<>();
    metadata.forEach((key, value) -> renamed.put(free(key, metadata), value));
    return new Document(document.id(), document.text(), renamed);
  }

  private static String free(String key, Map<String, Object> metadata) {
    String name = key;
    if (key.equals(ID) || key.equals(TEXT)) {
      do {
        name += "_";
      } while (metadata.containsKey(name));
    }
    return name;
  }

  /** The names of the first fields of every document, which are texts. */
  public static List<String> texts() {
    return List.of(ID, TEXT);
  }

  /** The fields of a storable document, in the order of its line. */
  public static Map<String, Object> fields(Document document) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(ID, document.id());
    fields.put(TEXT, document.text());
    fields.putAll(document.metadata());
    return fields;
  }

  /** The line of a storable document, LF included. */
  public static byte[] line(Document document) {
    return line(document, Map.of());
  }

  /** A line with more fields, which take the place of metadata of the same name. */
  public static byte[] line(Document document, Map<String, Object> more) {
    Map<String, Object> fields = fields(document);
    fields.putAll(more);
    try {
      String line = JSON.writeValueAsString(fields) + "\n";
      return WellFormed.of(line).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "metadata of document " + document.id() + " are no JSON values", e);
    }
  }

  /**
   * Reads lines that were written here, for one thread; closing closes {@code in}.
   *
   * @param place names the file in messages
   */
  public static DocumentStream read(InputStream in, String place) {
    try {
      return new Lines(JSON.readerFor(FIELDS).readValues(in), place);
    } catch (IOException e) {
      throw unreadable(place, e);
    }
  }

  private static DataException unreadable(String place, IOException e) {
    return new DataException(
        place + ": cannot be read back (" + Reason.of(e) + "); remove it and run again", e);
  }

  private record Lines(MappingIterator<Map<String, Object>> fields, String place)
      implements DocumentStream {
    @Override
    public Document next() {
      try {
        if (!fields.hasNextValue()) {
          return null;
        }
        Map<String, Object> metadata = fields.nextValue();
        String id = (String) metadata.remove(ID);
        return new Document(id, (String) metadata.remove(TEXT), metadata);
      } catch (IOException e) {
        throw unreadable(place, e);
      }
    }

    @Override
    public void close() {
      try {
        fields.close();
      } catch (IOException e) {
        throw unreadable(place, e);
      }
    }
  }
}
