package io.kanana.data.decontaminate;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.filter.CascadeStep;
import java.util.List;

/** The step of a cascade that takes benchmarks out of a corpus. */
public final class DecontaminationSteps implements ExtensionProvider {
  private static final String DECONTAMINATE =
      """
      unit: word
      ngram: 13
      min-units: 8
      min-share: 0
      max-entries: 10
      """;

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            CascadeStep.Config.class,
            "decontaminate",
            Decontamination.Config.class,
            "Drops documents that hold n-grams of benchmarks, and says how much each leaves.",
            DECONTAMINATE));
  }
}
