package io.kanana.data.extract;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;

/**
 * LaTeX becomes text. A file without any is dropped as {@code no-text}, with the length of its
 * source.
 */
public record LatexStep() implements CascadeStep.Config, DocumentTransform {
  @Override
  public LatexStep create() {
    return this;
  }

  @Override
  public Verdict apply(Document document) {
    String text = LatexText.of(document.text());
    if (text.isBlank()) {
      return Verdict.drop("no-text", document.text().length());
    }
    return Verdict.keep(new Document(document.id(), text, document.metadata()));
  }
}
