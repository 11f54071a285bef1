package io.kanana.data.classify.regression;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.filter.CascadeStep;
import java.util.List;

/** Regression heads as a step of a cascade. */
public final class RegressionExtensions implements ExtensionProvider {
  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            CascadeStep.Config.class,
            "regression-head",
            RegressionHeadStep.Config.class,
            "Scores documents by a language model's embeddings, and drops low scores.",
            """
            field: predictedScore
            compute: {backend: auto, precision: f32}
            """));
  }
}
