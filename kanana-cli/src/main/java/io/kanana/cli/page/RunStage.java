package io.kanana.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.RecordJson;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.core.train.WatchedTraining;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A job's output, as a page shows it.
 *
 * @param name for people
 */
record RunStage(String name, Path directory) {
  private static final String CONFIG = "config.yaml";

  /**
   * The jobs of a run in their order, by their names: of a pipeline those that have begun, each one
   * stage, a study as well; of a study those of every arm and seed; any other job alone is called
   * by its kind.
   *
   * @throws DataException if nothing was run there
   */
  static List<RunStage> of(Path run) {
    JsonNode config = config(run);
    return switch (config.path("job").asText()) {
      case "pipeline" -> begun(config.path("jobs"), "", run);
      case "study" -> ofStudy(config, run);
      case String job -> withRecovery(job, run);
    };
  }

  /**
   * The resolved configuration of a run.
   *
   * @throws DataException if nothing was run there
   */
  static ObjectNode config(Path run) {
    if (!Files.exists(run.resolve(CONFIG))) {
      throw new DataException(
          run + ": holds no run, since there is no " + CONFIG + "; give the output of a job");
    }
    return Yaml.read(run.resolve(CONFIG));
  }

  /**
   * A file that a job left, whole.
   *
   * @throws DataException if it is something else
   */
  static <T> T json(Path file, Class<T> type) {
    try {
      return RecordJson.read(Files.readAllBytes(file), type);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static List<RunStage> begun(JsonNode jobs, String prefix, Path directory) {
    List<RunStage> stages = new ArrayList<>();
    for (JsonNode job : jobs) {
      String name = job.path("name").asText();
      Path output =
          job.has("output") ? Path.of(job.get("output").asText()) : directory.resolve(name);
      if (Files.exists(output.resolve(CONFIG))) {
        stages.addAll(withRecovery(prefix + name, output));
      }
    }
    return stages;
  }

  /** Depth up-scaling trains in a directory of its own. */
  private static List<RunStage> withRecovery(String name, Path output) {
    RunStage own = new RunStage(name, output);
    Path recovery = output.resolve("recovery");
    return Files.isDirectory(recovery)
        ? List.of(own, new RunStage(name + ", recovery", recovery))
        : List.of(own);
  }

  private static List<RunStage> ofStudy(JsonNode config, Path run) {
    List<RunStage> stages =
        new ArrayList<>(begun(config.path("shared"), "", run.resolve("shared")));
    for (var arm : config.path("arms").properties()) {
      for (JsonNode seed : config.path("seeds")) {
        Path directory = run.resolve(arm.getKey()).resolve("seed-" + seed.asText());
        stages.addAll(begun(arm.getValue(), arm.getKey() + ", seed " + seed + ": ", directory));
      }
    }
    return stages;
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  Path configFile() {
    return file(CONFIG);
  }

  /** Its settings; none of what stands below the output of its job. */
  ObjectNode settings() {
    return Files.exists(configFile()) ? config(directory) : JsonNodeFactory.instance.objectNode();
  }

  /** What was measured while it trained; nothing where it trained nothing. */
  RunMetrics metrics() {
    return RunMetrics.read(WatchedTraining.metrics(directory), "metrics file");
  }

  /** Where the models are that it made; an adapter's base with the adapter in it is one, too. */
  List<Path> models() {
    return Stream.of(RunCheckpoints.model(directory), file("merged"))
        .filter(model -> Files.exists(model.resolve(Provenance.FILE)))
        .toList();
  }

  /** Of the model that it trained or put together, if it has come to that. */
  Optional<Provenance> provenance() {
    return models().stream()
        .findFirst()
        .map(model -> Provenance.read(model.resolve(Provenance.FILE)));
  }
}
