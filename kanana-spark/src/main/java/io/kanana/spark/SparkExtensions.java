package io.kanana.spark;

import io.kanana.core.extension.Extension;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.filter.run.Engine;
import java.util.List;

/** The open parts of this module that a configuration may choose by {@code type}. */
public final class SparkExtensions implements ExtensionProvider {
  private static final String SPARK =
      """
      master: local[*]
      options: {}
      """;

  @Override
  public List<Extension<?>> extensions() {
    return List.of(
        new Extension<>(
            Engine.Config.class,
            "spark",
            SparkCompute.class,
            "An Apache Spark cluster, or this machine as one; options are Spark's own.",
            SPARK));
  }
}
