package io.kanana.pretrain;

import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.config.Changes;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import io.kanana.core.error.Reason;
import io.kanana.data.batch.MixturePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The plan of a run's mixture in its output: {@code mixture.yaml}. */
final class PlanFile {
  private final Path file;

  PlanFile(Path output) {
    this.file = output.resolve("mixture.yaml");
  }

  /** Writes the plan of a run that has not made a step yet. */
  void write(MixturePlan plan) {
    try {
      WholeFile.write(file, plan.toYaml());
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  /**
   * Compares with the plan that a run's steps were made with.
   *
   * @param step how many steps these are
   * @throws ConfigException naming everything that is not as it was
   */
  void check(MixturePlan plan, long step) {
    if (!Files.exists(file)) {
      return; // the fingerprint in the checkpoint says whether it is another, if not how
    }
    List<Problem> problems =
        Changes.between(Yaml.read(file), Yaml.read(plan.toYaml())).stream()
            .map(change -> problem(change, step))
            .toList();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private static Problem problem(String change, long step) {
    return new Problem(
        "data",
        String.format(
            Locale.ROOT,
            "%s, but the mixture of the run's first %,d steps had the former; put it back, or give another output",
            change,
            step));
  }
}
