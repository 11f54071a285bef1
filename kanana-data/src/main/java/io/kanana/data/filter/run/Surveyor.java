package io.kanana.data.filter.run;

import io.kanana.data.document.Document;
import io.kanana.data.document.WebAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * Takes the measures of documents that statistics are made of. Safe for use by several threads.
 *
 * @param labels the metadata with the names of planted faults
 * @param tokens of a text
 */
record Surveyor(FilterConfig.Fields fields, String labels, ToLongFunction<String> tokens) {
  Traveller survey(Document document) {
    return new Traveller(
        document,
        document.textBytes(),
        tokens.applyAsLong(document.text()),
        WebAddress.host(text(document, fields.url())),
        text(document, fields.language()));
  }

  /** The same after a step. */
  Traveller survey(Traveller before, Document document) {
    if (document.equals(before.document())) {
      return before;
    }
    boolean sameText = document.text().equals(before.document().text());
    return new Traveller(
        document,
        sameText ? before.bytes() : document.textBytes(),
        sameText ? before.tokens() : tokens.applyAsLong(document.text()),
        WebAddress.host(text(document, fields.url())),
        text(document, fields.language()));
  }

  private static String text(Document document, String field) {
    return document.metadata().get(field) instanceof String text ? text : "";
  }

  /** The faults that were planted in a document, sorted, with commas between; empty for none. */
  String faults(Document document) {
    Object value = document.metadata().get(labels);
    List<String> names = new ArrayList<>();
    switch (value) {
      case String text -> names.add(text);
      case List<?> list -> list.forEach(element -> names.add(String.valueOf(element)));
      case null, default -> {}
    }
    TreeSet<String> sorted = new TreeSet<>(List.of(String.join(",", names).split(",", -1)));
    sorted.remove("");
    return String.join(",", sorted);
  }
}
