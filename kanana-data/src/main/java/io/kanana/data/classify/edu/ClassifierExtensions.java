package io.kanana.data.classify.edu;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.classify.ClassifierStep;
import io.kanana.data.filter.CascadeStep;
import java.util.List;

/** Classifiers as a step of a cascade, and where the scores come from that they learn. */
public final class ClassifierExtensions implements ExtensionProvider {
  private static final String CHAT =
      """
      max-characters: 3000
      max-tokens: 256
      max-score: 5
      concurrency: 8
      timeout-seconds: 120
      retries: 5
      """;

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            CascadeStep.Config.class,
            "classifier",
            ClassifierStep.Config.class,
            "Scores documents by a classifier of ours or of fastText, and drops low scores.",
            "field: classifier"),
        new Extension<>(
            DocumentScorer.Config.class,
            "chat",
            ChatScores.class,
            "Scores by a language model behind an endpoint of OpenAI's form.",
            CHAT),
        new Extension<>(
            DocumentScorer.Config.class,
            "metadata",
            MetadataScores.class,
            "Scores that stand in the documents' metadata.",
            "field: score"));
  }
}
