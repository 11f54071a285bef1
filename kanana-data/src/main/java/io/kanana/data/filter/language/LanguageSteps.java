package io.kanana.data.filter.language;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.filter.CascadeStep;
import java.util.List;

/** The parts of this package that a configuration may choose by {@code type}. */
public final class LanguageSteps implements ExtensionProvider {
  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            CascadeStep.Config.class,
            "language",
            LanguageFilter.Config.class,
            "Keeps documents in some languages and writes language and score into their metadata.",
            "{identifier: {type: scripts}, languages: [ko, en], min-score: 0.65}"),
        new Extension<>(
            LanguageIdentifier.Config.class,
            "scripts",
            ScriptIdentifier.Config.class,
            "Tells languages by script, frequent words and letters; needs no model.",
            ""),
        new Extension<>(
            LanguageIdentifier.Config.class,
            "fasttext",
            FastTextIdentifier.Config.class,
            "Asks a model of fastText, .bin or .ftz, whose labels are languages.",
            ""));
  }
}
