package io.kanana.eval.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.core.extension.Services;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Reads the documents of a benchmark: JSON lines, a JSON list of objects, or CSV, plain or gzip,
 * and what a {@link TableReader} knows. A benchmark is small, so a file is read whole; nothing is
 * skipped, since a missing question would make another benchmark of it.
 */
final class DocumentFile {
  private static final int LARGEST = 1 << 30;
  private static final int GZIP = 0x1f8b;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private final Path file;

  private DocumentFile(Path file) {
    this.file = file;
  }

  /**
   * The documents of a file, in order.
   *
   * @throws DataException naming file, line and rule
   */
  static List<ObjectNode> read(Path file) {
    return new DocumentFile(file).documents();
  }

  private List<ObjectNode> documents() {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    for (TableReader reader : Services.load(TableReader.class, getClass().getClassLoader())) {
      if (name.endsWith(reader.suffix())) {
        return read(reader);
      }
    }
    return documents(name, text());
  }

  private List<ObjectNode> read(TableReader reader) {
    try {
      return reader.read(file);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private List<ObjectNode> documents(String name, String text) {
    if (name.endsWith(".csv") || name.endsWith(".csv.gz")) {
      return CsvRows.read(file, text, ',');
    }
    if (name.endsWith(".tsv") || name.endsWith(".tsv.gz")) {
      return CsvRows.read(file, text, '\t');
    }
    return text.stripLeading().startsWith("[") ? list(text) : lines(text);
  }

  private String text() {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST);
      boolean packed = bytes.length > 2 && (((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff)) == GZIP;
      byte[] plain = packed ? unpacked(bytes) : bytes;
      if (plain.length == LARGEST) {
        throw new DataException(file + ": is larger than 1 GiB, which no benchmark is");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(plain)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new DataException(
          file + ": is not UTF-8 text; JSON lines, a JSON list or CSV is wanted, plain or gzip", e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static byte[] unpacked(byte[] bytes) throws IOException {
    try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(bytes))) {
      return in.readNBytes(LARGEST);
    }
  }

  private List<ObjectNode> lines(String text) {
    List<ObjectNode> documents = new ArrayList<>();
    int number = 0;
    // only a line feed ends a line: JSON may hold the other separators as they are
    for (String line : text.split("\n", -1)) {
      number++;
      if (!line.isBlank()) {
        documents.add(object("line " + number, parsed("line " + number, line)));
      }
    }
    return documents;
  }

  private List<ObjectNode> list(String text) {
    List<ObjectNode> documents = new ArrayList<>();
    int number = 0;
    for (JsonNode item : parsed("the list", text)) {
      documents.add(object("element " + number++, item));
    }
    return documents;
  }

  private JsonNode parsed(String place, String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new DataException(
          file + ", " + place + ": is not JSON: " + e.getOriginalMessage().replace('\n', ' '), e);
    }
  }

  private ObjectNode object(String place, JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new DataException(
        file + ", " + place + ": must be a JSON object, got " + node.getNodeType());
  }
}
