package io.kanana.data.document;

import io.kanana.data.document.FilesConfig.Format;
import io.kanana.data.document.LineReader.Fault;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rule by which the fields of a record become a document: one is the text, one the id. */
record RecordFields(FilesConfig config) implements RecordRule {
  @Override
  public Format format(Format told) {
    return told;
  }

  @Override
  public Set<String> texts() {
    return Set.copyOf(List.of(config.textField(), config.idField()));
  }

  @Override
  public Fault fault(Map<String, Object> fields) {
    String name = config.textField();
    if (!fields.containsKey(name)) {
      return new Fault("text-missing", "no field '" + name + "'");
    }
    if (!(fields.get(name) instanceof String text)) {
      return new Fault("text-not-a-string", "'" + name + "' is a " + kind(fields.get(name)));
    }
    return text.isBlank() ? new Fault("text-empty", "'" + name + "' is blank") : null;
  }

  static String kind(Object value) {
    return switch (value) {
      case null -> "null";
      case String _ -> "string";
      case Number _ -> "number";
      case Boolean _ -> "boolean";
      case Collection<?> _ -> "array";
      default -> "object";
    };
  }

  /** Text and id are taken out of the fields. */
  @Override
  public Document document(Map<String, Object> fields, String place) {
    String text = (String) fields.remove(config.textField());
    boolean named =
        switch (fields.get(config.idField())) {
          case null -> false;
          case Collection<?> _ -> false;
          case Map<?, ?> _ -> false;
          default -> true;
        };
    String id = named ? String.valueOf(fields.remove(config.idField())) : place;
    return new Document(id, text, fields);
  }
}
