package io.kanana.core.job;

import io.kanana.core.config.Changes;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.KananaException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A job with its configuration, ready to be planned or run.
 *
 * @param configYaml the resolved configuration; running it again is the same run
 */
public record ConfiguredJob<C extends Record & JobConfig>(Job<C> job, C config, String configYaml) {
  /** What running would take. */
  public JobPlan plan() {
    return job.plan(config);
  }

  /**
   * Prepares the output directory, keeps the resolved configuration in it, and runs. A resumed run
   * whose configuration is not the one it began with says what changed. A run that is refused
   * before it made anything leaves no configuration.
   *
   * @param resume whether to go on from what the directory holds
   * @throws ConfigException if the job cannot be planned, if the directory holds something and
   *     {@code resume} is not set, or if another run writes to it
   */
  public void run(boolean resume, Progress progress, Clock clock, Cancellation cancellation) {
    job.plan(config);
    Path output = config.output().toAbsolutePath().normalize();
    if (!resume && holdsMoreThan(Set.of(OutputLock.FILE), output)) {
      throw new ConfigException(
          "output", output + " is not empty; add --resume to go on, or name another directory");
    }
    JobContext context = new JobContext(output, resume, progress, clock, cancellation, configYaml);
    try (OutputLock _ = lock(output, progress)) {
      run(context);
    } catch (IOException e) {
      throw cannotUse(output, e);
    }
  }

  private void run(JobContext context) {
    if (Files.exists(context.output().resolve(JobContext.CONFIG_FILE))) {
      tellChanges(context);
      job.run(config, context);
    } else {
      context.keepConfig();
      runAnew(context);
    }
    context.keepConfig();
  }

  /** What was refused before it made anything can be run again without a word of going on. */
  private void runAnew(JobContext context) {
    try {
      job.run(config, context);
    } catch (KananaException e) {
      forgetConfig(context, e);
      throw e;
    }
  }

  /** What goes wrong here must not hide why the run was refused. */
  private static void forgetConfig(JobContext context, KananaException refusal) {
    try {
      if (!holdsMoreThan(Set.of(OutputLock.FILE, JobContext.CONFIG_FILE), context.output())) {
        context.forgetConfig();
      }
    } catch (KananaException e) {
      refusal.addSuppressed(e);
    }
  }

  private static OutputLock lock(Path output, Progress progress) throws IOException {
    Files.createDirectories(output);
    return OutputLock.of(output, progress);
  }

  private static boolean holdsMoreThan(Set<String> files, Path output) {
    if (!Files.exists(output)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(output)) {
      return entries.anyMatch(entry -> !files.contains(entry.getFileName().toString()));
    } catch (IOException e) {
      throw cannotUse(output, e);
    }
  }

  /** A resumed run may go on with another configuration, but not unnoticed. */
  private void tellChanges(JobContext context) {
    Path before = context.output().resolve(JobContext.CONFIG_FILE);
    Changes.between(Yaml.read(before), Yaml.read(configYaml))
        .forEach(change -> context.progress().line("changed since the run began: " + change));
  }

  private static ConfigException cannotUse(Path output, IOException e) {
    return new ConfigException(
        "output", output + " cannot be used as a directory: " + Reason.of(e));
  }
}
