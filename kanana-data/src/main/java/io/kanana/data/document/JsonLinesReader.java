package io.kanana.data.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.data.document.LineReader.Fault;
import io.kanana.data.document.LineReader.Line;
import java.io.IOException;
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

  private final LineReader lines;
  private final RecordRule rule;
  private final RecordPlace place;

  JsonLinesReader(LineReader lines, RecordRule rule, RecordPlace place) {
    this.lines = lines;
    this.rule = rule;
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
      Object record = JSON.readValue(line, Object.class);
      Fault fault =
          record instanceof Map<?, ?>
              ? rule.fault(fields(record))
              : new Fault("not-an-object", "the line is a JSON " + RecordFields.kind(record));
      if (fault == null) {
        return rule.document(fields(record), place.id(lines.lineNumber()));
      }
      place.reject(lines.lineNumber(), fault);
    } catch (JsonProcessingException e) {
      place.reject(lines.lineNumber(), new Fault("not-json", e.getOriginalMessage()));
    }
    return null;
  }

  @SuppressWarnings("unchecked") // the names of an object's fields are always texts
  private static Map<String, Object> fields(Object record) {
    return (Map<String, Object>) record;
  }
}
