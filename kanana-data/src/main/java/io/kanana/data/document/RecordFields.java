package io.kanana.data.document;

import io.kanana.data.document.LineReader.Fault;
import java.util.Collection;
import java.util.Map;

/** The rule by which the fields of a record become a document: one is the text, one the id. */
final class RecordFields {
  private RecordFields() {}

  /** What keeps the fields from being a document; null where they are one. */
  static Fault fault(Map<String, Object> fields, FilesConfig config) {
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

  /**
   * @param fields without a fault; text and id are taken out
   * @param place names the document where no field does
   */
  static Document document(Map<String, Object> fields, FilesConfig config, String place) {
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
