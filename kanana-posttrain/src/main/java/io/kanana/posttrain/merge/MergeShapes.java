package io.kanana.posttrain.merge;

import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the parents' {@code config.json} say, before any weight is looked at. */
record MergeShapes(MergeConfig config) {
  /** Directories whose configuration is not there yet. */
  List<Path> missing() {
    return config.parents().filter(directory -> read(directory).isEmpty()).toList();
  }

  /** The first model's, if it is there. */
  Optional<HuggingFaceConfig> first() {
    return read(config.models().getFirst().path());
  }

  private static Optional<HuggingFaceConfig> read(Path directory) {
    Path file = directory.resolve(HuggingFaceConfig.FILE);
    return Files.exists(file) ? Optional.of(HuggingFaceConfig.read(file)) : Optional.empty();
  }

  /**
   * @throws ConfigException naming every difference between a parent that is there and the first
   *     model, or a parent that the merge would be written over
   */
  void check() {
    List<Problem> problems = new ArrayList<>();
    List<Path> parents = config.parents().toList();
    for (int i = 0; i < parents.size(); i++) {
      String name = config.nameOf(i);
      differences(parents.get(i)).map(found -> new Problem(name, found)).ifPresent(problems::add);
      if (isTarget(parents.get(i))) {
        problems.add(new Problem(name, "is where the merge would be written; give another output"));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private Optional<String> differences(Path parent) {
    return first()
        .flatMap(first -> read(parent).map(other -> first.model().differences(other.model())))
        .filter(differences -> !differences.isEmpty())
        .map(
            differences ->
                parent
                    + " is of another shape than "
                    + config.models().getFirst().path()
                    + ": "
                    + String.join(", ", differences)
                    + "; only models of one shape can be merged");
  }

  private boolean isTarget(Path parent) {
    Path target = MergeConfig.model(config.output()).toAbsolutePath().normalize();
    return parent.toAbsolutePath().normalize().equals(target);
  }
}
