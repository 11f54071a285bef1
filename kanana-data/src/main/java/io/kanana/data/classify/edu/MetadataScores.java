package io.kanana.data.classify.edu;

import io.kanana.core.config.Check;
import io.kanana.data.document.Document;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Scores that stand in the documents' metadata ({@code type: metadata}).
 *
 * @param field a number; documents without it have no score
 */
public record MetadataScores(String field) implements DocumentScorer.Config, DocumentScorer {
  private static final int BATCH = 1024;

  public MetadataScores {
    Check.that(!field.isBlank(), "field", "must name a field of the metadata");
  }

  @Override
  public DocumentScorer create() {
    return this;
  }

  @Override
  public int batch() {
    return BATCH;
  }

  @Override
  public boolean isCostly() {
    return false;
  }

  @Override
  public List<OptionalDouble> score(List<Document> documents) {
    return documents.stream().map(this::score).toList();
  }

  @Override
  public void close() {}

  private OptionalDouble score(Document document) {
    return document.metadata().get(field) instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }
}
