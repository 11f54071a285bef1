package io.kanana.data.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.data.document.LineReader.Fault;
import io.kanana.data.document.LineReader.Line;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** A JSON object per line; blank lines are passed over. */
final class JsonLinesReader implements RecordReader {
  // a line is already bounded, so a string within it need not be
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

  private final LineReader lines;
  private final FilesConfig config;
  private final RecordPlace place;

  JsonLinesReader(LineReader lines, FilesConfig config, RecordPlace place) {
    this.lines = lines;
    this.config = config;
    this.place = place;
  }

  @Override
  public long position() {
    return lines.lineNumber();
  }

  @Override
  public Document next() throws IOException {
    for (Line line = lines.next(); line != null; line = lines.next()) {
      if (line.fault() != null) {
        place.reject(lines.lineNumber(), line.fault());
      } else if (!line.text().isBlank()) {
        Document document = parse(line.text());
        if (document != null) {
          return document;
        }
      }
    }
    return null;
  }

  private Document parse(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      Fault fault = fault(node);
      if (fault == null) {
        return document((ObjectNode) node);
      }
      place.reject(lines.lineNumber(), fault);
    } catch (JsonProcessingException e) {
      place.reject(lines.lineNumber(), new Fault("not-json", e.getOriginalMessage()));
    }
    return null;
  }

  private Fault fault(JsonNode node) {
    if (!node.isObject()) {
      return new Fault("not-an-object", "the line is a JSON " + kind(node));
    }
    JsonNode text = node.get(config.textField());
    if (text == null) {
      return new Fault("text-missing", "no field '" + config.textField() + "'");
    }
    if (!text.isTextual()) {
      return new Fault("text-not-a-string", "'" + config.textField() + "' is a " + kind(text));
    }
    return text.textValue().isBlank()
        ? new Fault("text-empty", "'" + config.textField() + "' is blank")
        : null;
  }

  private static String kind(JsonNode node) {
    return node.getNodeType().toString().toLowerCase(Locale.ROOT);
  }

  private Document document(ObjectNode record) {
    String text = record.remove(config.textField()).textValue();
    JsonNode id = record.get(config.idField());
    boolean named = id != null && id.isValueNode() && !id.isNull();
    if (named) {
      record.remove(config.idField());
    }
    return new Document(
        named ? id.asText() : place.id(lines.lineNumber()),
        text,
        JSON.convertValue(record, FIELDS));
  }
}
