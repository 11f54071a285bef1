package io.kanana.data.document;

import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.LineReader.Fault;
import java.util.Map;
import java.util.Set;

/** Keeps all fields as metadata: whoever reads them says what they mean. */
final class WholeRecord implements RecordRule {
  /** Other formats have no fields. */
  @Override
  public Format format(Format told) {
    return told == Format.PARQUET ? told : Format.JSON_LINES;
  }

  @Override
  public Set<String> texts() {
    return Set.of();
  }

  @Override
  public Fault fault(Map<String, Object> fields) {
    return null;
  }

  @Override
  public Document document(Map<String, Object> fields, String place) {
    return new Document(place, "", fields);
  }
}
