package io.kanana.data.extract;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * HTML pages become their main text. A page without any is dropped as {@code no-main-text}, with
 * the length of its HTML; its own title becomes {@code title}, unless there is one.
 */
public record HtmlStep() implements CascadeStep.Config, DocumentTransform {
  @Override
  public HtmlStep create() {
    return this;
  }

  @Override
  public Verdict apply(Document document) {
    MainText main = MainText.of(document.text());
    if (main.text().isBlank()) {
      return Verdict.drop("no-main-text", document.text().length());
    }
    Map<String, Object> metadata = new LinkedHashMap<>(document.metadata());
    if (!main.title().isEmpty()) {
      metadata.putIfAbsent("title", main.title());
    }
    return Verdict.keep(new Document(document.id(), main.text(), metadata));
  }
}
