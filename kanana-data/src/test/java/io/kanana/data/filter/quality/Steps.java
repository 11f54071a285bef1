package io.kanana.data.filter.quality;

import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.extension.Extensions;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import java.util.List;

/** Steps as a configuration makes them, for tests. */
final class Steps {
  record Cascade(List<CascadeStep.Config> steps) {}

  private Steps() {}

  /** The step that a section in YAML's flow style names. */
  static CascadeStep of(String section) {
    return config(section).create();
  }

  static CascadeStep.Config config(String section) {
    return new Binder(Extensions.of(new QualitySteps()))
        .bind(Cascade.class, Yaml.read("steps: [" + section + "]"))
        .config()
        .steps()
        .getFirst();
  }

  static Verdict run(CascadeStep step, Document document) {
    return step instanceof DocumentTransform transform
        ? transform.apply(document)
        : ((DataFilter) step).judge(document);
  }

  /** The reason of a drop, "kept" otherwise. */
  static String outcome(CascadeStep step, String text) {
    return run(step, Document.of("d", text)) instanceof Verdict.Drop drop ? drop.reason() : "kept";
  }
}
