package io.kanana.pretrain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.config.Changes;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Keeps what the tokenizer and the token shards of a run are made from beside them, so that a
 * resumed run does not take them for those of another configuration.
 */
final class RunInputs {
  private static final String FILE = "inputs.yaml";
  private static final List<String> SECTIONS = List.of("data", "tokenizer");

  private final JobContext context;
  private final Path file;
  private final ObjectNode now;

  RunInputs(JobContext context) {
    this.context = context;
    this.file = context.output().resolve(FILE);
    this.now = Yaml.read(context.configYaml()).retain(SECTIONS);
  }

  /**
   * Keeps them for artefacts that are about to be made.
   *
   * @param made whether some were made already
   * @throws ConfigException if those were made from other inputs
   */
  void keep(boolean made) {
    if (made && Files.exists(file)) {
      check(Changes.between(Yaml.read(file), now));
    } else {
      write();
      context.keepConfig();
    }
  }

  private void check(List<String> changes) {
    List<Problem> problems = changes.stream().map(this::problem).toList();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private Problem problem(String change) {
    return new Problem(
        "",
        String.format(
            Locale.ROOT,
            "%s, but tokenizer and tokens in %s were made from the former; put it back, or give another output",
            change,
            file.getParent()));
  }

  private void write() {
    try {
      WholeFile.write(file, Yaml.write(now));
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }
}
