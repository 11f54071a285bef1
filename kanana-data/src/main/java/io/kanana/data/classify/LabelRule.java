package io.kanana.data.classify;

import io.kanana.core.config.Check;
import io.kanana.data.document.Document;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Where a document's labels come from.
 *
 * @param field its metadata with a label, a list of labels, or a number
 * @param atLeast where it is given, the field is a number, and the label {@link #HIGH} from this on
 *     and {@link #LOW} below
 */
public record LabelRule(String field, OptionalDouble atLeast) {
  /** The label of documents whose number is high enough. */
  public static final String HIGH = "high";

  /** The label of all others. */
  public static final String LOW = "low";

  public LabelRule {
    Check.that(!field.isBlank(), "field", "must name a field of the metadata");
  }

  /** The labels of a document; none where the field is absent, or no number where one is needed. */
  public List<String> labels(Document document) {
    Object value = document.metadata().get(field);
    if (atLeast.isPresent()) {
      return value instanceof Number number
          ? List.of(number.doubleValue() >= atLeast.getAsDouble() ? HIGH : LOW)
          : List.of();
    }
    Collection<?> values = value instanceof Collection<?> several ? several : one(value);
    return values.stream()
        .filter(Objects::nonNull)
        .map(LabelRule::text)
        .filter(text -> !text.isEmpty())
        .distinct()
        .toList();
  }

  private static List<?> one(Object value) {
    return value == null ? List.of() : List.of(value);
  }

  /** Numbers as they are written in JSON: 1, not 1.0. */
  private static String text(Object value) {
    return value instanceof Double number && number == Math.rint(number)
        ? String.format(Locale.ROOT, "%.0f", number)
        : value.toString().replace("\0", "");
  }
}
