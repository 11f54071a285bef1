package io.kanana.core.job;

import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.config.Changes;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.Stream;

/**
 * A job with its configuration, ready to be planned or run.
 *
 * @param configYaml the resolved configuration; running it again is the same run
 */
public record ConfiguredJob<C extends Record & JobConfig>(Job<C> job, C config, String configYaml) {
  private static final String CONFIG_FILE = "config.yaml";

  /** What running would take. */
  public JobPlan plan() {
    return job.plan(config);
  }

  /**
   * Prepares the output directory, keeps the resolved configuration in it, and runs. A resumed run
   * whose configuration is not the one it began with says what changed.
   *
   * @param resume whether to go on from what the directory holds
   * @throws ConfigException if the directory holds something and {@code resume} is not set
   */
  public void run(boolean resume, Progress progress, Clock clock, Cancellation cancellation) {
    Path output = config.output().toAbsolutePath().normalize();
    if (!resume && holdsSomething(output)) {
      throw new ConfigException(
          "output", output + " is not empty; add --resume to go on, or name another directory");
    }
    tellChanges(output, progress);
    writeConfig(output);
    job.run(config, new JobContext(output, resume, progress, clock, cancellation, configYaml));
  }

  private static boolean holdsSomething(Path output) {
    if (!Files.exists(output)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(output)) {
      return entries.findAny().isPresent();
    } catch (IOException e) {
      throw cannotUse(output, e);
    }
  }

  /** A resumed run may go on with another configuration, but not unnoticed. */
  private void tellChanges(Path output, Progress progress) {
    Path before = output.resolve(CONFIG_FILE);
    if (Files.exists(before)) {
      Changes.between(Yaml.read(before), Yaml.read(configYaml))
          .forEach(change -> progress.line("changed since the run began: " + change));
    }
  }

  private void writeConfig(Path output) {
    try {
      Files.createDirectories(output);
      WholeFile.write(output.resolve(CONFIG_FILE), configYaml);
    } catch (IOException e) {
      throw cannotUse(output, e);
    }
  }

  private static ConfigException cannotUse(Path output, IOException e) {
    return new ConfigException("output", output + " cannot be used as a directory: " + e);
  }
}
