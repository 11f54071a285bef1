package io.kanana.core.job;

import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/**
 * The surroundings of one run.
 *
 * @param output the output directory, which exists and holds {@code config.yaml}
 * @param resume whether to go on from what the directory holds; with nothing there, start afresh
 * @param progress where to report to
 * @param clock the time of day, for logs and rates; never for a decision of an algorithm
 * @param cancellation asked for an orderly stop
 * @param configYaml the resolved configuration, for provenance; reads back as the same tree
 */
public record JobContext(
    Path output,
    boolean resume,
    Progress progress,
    Clock clock,
    Cancellation cancellation,
    String configYaml) {
  static final String CONFIG_FILE = "config.yaml";

  /** The same for a named part of the run: what that tells begins with its name. */
  public JobContext within(String part) {
    Progress named = new NamedProgress(part, progress);
    return new JobContext(output, resume, named, clock, cancellation, configYaml);
  }

  /**
   * Makes this run's configuration that of the output directory. A job calls it once nothing that
   * the directory holds speaks against the run: one that is refused leaves the configuration as it
   * was; one that runs others begins with it, and what speaks against one of these is found later.
   * At the end of a run it is called for it.
   *
   * @throws CheckpointException if the file cannot be written
   */
  public void keepConfig() {
    Path file = output.resolve(CONFIG_FILE);
    try {
      WholeFile.write(file, configYaml);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  /** Undoes {@link #keepConfig} where nothing else was made. */
  void forgetConfig() {
    Path file = output.resolve(CONFIG_FILE);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be removed: " + Reason.of(e), e);
    }
  }
}
