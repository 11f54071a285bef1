package io.kanana.spark;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.core.extension.Extensions;
import io.kanana.data.filter.run.Engine;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkExtensionsTest extends ExtensionContract {
  record Holder(Engine.Config compute) {}

  @Override
  protected ExtensionProvider provider() {
    return new SparkExtensions();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of();
  }

  @Test
  void optionsAreSparksOwn() {
    String yaml = "compute: {type: spark, master: ' ', options: {executor.memory: 2g}}";
    Binder binder = new Binder(Extensions.of(new SparkExtensions()));
    assertThatThrownBy(() -> binder.bind(Holder.class, Yaml.read(yaml)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("compute.master: must name a master")
        .hasMessageContaining("compute.options: must be options of Spark")
        .hasMessageContaining("got executor.memory");
  }

  @Test
  void withoutSparkARunSaysWhereItLooked(@TempDir Path directory) {
    assertThatThrownBy(() -> SparkLoader.jars(directory.resolve("kanana-spark.jar")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "compute.type: spark needs Spark, which is not on the class path, and "
                + directory.resolve("spark-class-path")
                + ", which would list it, cannot be read (there is no such file); build kanana-spark,"
                + " or use spark-submit");
  }
}
