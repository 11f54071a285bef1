package io.kanana.core.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.config.Changes;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Keeps what the intermediate artefacts of a run are made from beside them, so that a resumed run
 * does not take them for those of another configuration.
 */
public final class RunInputs {
  private static final String FILE = "inputs.yaml";

  private final JobContext context;
  private final UnaryOperator<ObjectNode> selection;
  private final String artefacts;
  private final Path file;
  private final ObjectNode now;

  /**
   * @param sections the keys of the configuration that the artefacts are a function of
   * @param artefacts what a message calls them: {@code tokenizer and tokens}
   */
  public RunInputs(JobContext context, List<String> sections, String artefacts) {
    this(context, (ObjectNode config) -> config.retain(sections), artefacts);
  }

  /**
   * @param selection leaves of a configuration what the artefacts are a function of; may change its
   *     argument
   * @param artefacts what a message calls them
   */
  public RunInputs(JobContext context, UnaryOperator<ObjectNode> selection, String artefacts) {
    this.context = context;
    this.selection = selection;
    this.artefacts = artefacts;
    this.file = context.output().resolve(FILE);
    this.now = selection.apply(Yaml.read(context.configYaml()));
  }

  /** Whether a run left any of these in its directory: then it has begun. */
  public static boolean anyOf(Path output, String... artefacts) {
    return Stream.of(artefacts).anyMatch(name -> Files.exists(output.resolve(name)));
  }

  /**
   * Keeps them for artefacts that are about to be made.
   *
   * @param made whether some were made already
   * @throws ConfigException if those were made from other inputs
   */
  public void keep(boolean made) {
    if (made && Files.exists(file)) {
      check(file);
    } else {
      write();
      context.keepConfig();
    }
  }

  /**
   * Compares with the configuration that finished artefacts keep themselves.
   *
   * @param config of the job that made them
   * @throws ConfigException if those were made from other inputs
   */
  public void check(Path config) {
    List<Problem> problems =
        Changes.between(selection.apply(Yaml.read(config)), now).stream()
            .map(this::problem)
            .toList();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  private Problem problem(String change) {
    return new Problem(
        "",
        String.format(
            Locale.ROOT,
            "%s, but %s in %s were made from the former; put it back, or give another output",
            change,
            artefacts,
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
