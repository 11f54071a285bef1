package io.kanana.cli;

import io.kanana.core.config.Yaml;
import java.nio.file.Path;
import java.util.List;

/** A configuration or a plan. */
final class YamlInspector implements Inspector {
  @Override
  public boolean recognises(Path path) {
    return path.toString().endsWith(".yaml") || path.toString().endsWith(".yml");
  }

  @Override
  public List<String> describe(Path path) {
    return Yaml.write(Yaml.read(path)).lines().toList();
  }
}
