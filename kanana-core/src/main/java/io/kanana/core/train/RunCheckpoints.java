package io.kanana.core.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.checkpoint.StoredTensors;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.model.Llama;
import io.kanana.core.optimize.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The checkpoints of a run: {@code checkpoints/step-00000100} on the way and {@code model} at the
 * end, below the run's directory. Each is a Hugging Face directory, with what it takes to go on.
 */
public final class RunCheckpoints implements TrainingRun.Checkpoints {
  /**
   * What goes into every checkpoint besides weights and state.
   *
   * @param tokenizer the artefact whose files are copied
   * @param tokens the ids that begin and end texts
   * @param configYaml the resolved configuration of the job
   */
  public record Origin(String job, Path tokenizer, SpecialTokens tokens, String configYaml) {}

  /**
   * The content of {@code state.json}.
   *
   * @param begun when the run began, which names it among others of the same configuration
   */
  private record Saved(String begun, TrainingState state) {}

  private static final String KIND = "checkpoint";
  private static final String STATE = "state.json";
  private static final String OPTIMIZER = "optimizer";
  private static final String MODEL = "model";
  private static final String STEP = "step-";
  private static final long LARGEST_SHARD = 5_000_000_000L;

  private final JsonMapper json = JsonMapper.builder().build();
  private final Path output;
  private final Llama model;
  private final Optimizer optimizer;
  private final Origin origin;
  private final int keep;
  private final Consumer<String> log;
  private final Clock clock;
  private Instant begun;

  /**
   * @param keep how many checkpoints on the way stay
   * @param log is told of checkpoints that cannot be used
   * @param clock dates the provenance
   */
  public RunCheckpoints(
      Path output,
      Llama model,
      Optimizer optimizer,
      Origin origin,
      int keep,
      Consumer<String> log,
      Clock clock) {
    this.output = output;
    this.model = model;
    this.optimizer = optimizer;
    this.origin = origin;
    this.keep = keep;
    this.log = log;
    this.clock = clock;
    this.begun = clock.instant();
  }

  /** Where the finished model goes. */
  public static Path model(Path output) {
    return output.resolve(MODEL);
  }

  private Path onTheWay() {
    return output.resolve("checkpoints");
  }

  @Override
  public Path save(TrainingState state, boolean last) {
    Path target = last ? model(output) : onTheWay().resolve(stepName(state.step()));
    String parent = Artefact.open(origin.tokenizer).id();
    try (ArtefactWriter artefact = ArtefactWriter.create(target, KIND, List.of(parent))) {
      writeModel(artefact);
      SafetensorsWriter.write(
          artefact, OPTIMIZER, ModelWeights.of(optimizer.state(), model.backend()), Long.MAX_VALUE);
      artefact.write(STATE, bytes(new Saved(begun.toString(), state)));
      artefact.write("config.yaml", origin.configYaml);
      artefact.write(Provenance.FILE, provenance(state, parent).toJson());
      artefact.commit();
    }
    removeOld();
    return target;
  }

  private void writeModel(ArtefactWriter artefact) {
    HuggingFaceConfig config =
        new HuggingFaceConfig(
            model.config(), StoredType.F32, origin.tokens, OptionalDouble.empty());
    HuggingFaceModel.write(artefact, config, ModelWeights.of(model), LARGEST_SHARD);
    for (String file : Artefact.open(origin.tokenizer).manifest().files().keySet()) {
      artefact.copy(file, origin.tokenizer.resolve(file));
    }
  }

  private byte[] bytes(Saved saved) {
    try {
      return json.writerWithDefaultPrettyPrinter().writeValueAsBytes(saved);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of numbers and texts can always be written", e);
    }
  }

  private Provenance provenance(TrainingState state, String tokenizer) {
    StageCompute stage =
        new StageCompute(
            Provenance.runId(origin.job, origin.configYaml, begun),
            origin.job,
            state.tokens(),
            model.config().parameterCount(),
            state.flops(),
            state.seconds());
    SortedMap<String, String> software = new TreeMap<>();
    software.put("java", System.getProperty("java.version"));
    software.put("back end", model.backend().description());
    return new Provenance(
        origin.job,
        clock.instant(),
        origin.configYaml,
        List.of(new Provenance.Parent(tokenizer, origin.tokenizer.toString())),
        List.of(stage),
        List.of(),
        software);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /**
   * Reads weights and moments of the newest checkpoint that is whole; empty where there is none.
   *
   * @throws CheckpointException if there are some and none can be used: the run is not begun again
   *     over them
   */
  public Optional<TrainingState> restoreLatest() {
    CheckpointException newestFault = null;
    for (Path directory : newestFirst()) {
      try {
        return Optional.of(restore(directory));
      } catch (CheckpointException e) {
        log.accept("cannot resume from " + directory + ": " + e.getMessage());
        newestFault = newestFault == null ? e : newestFault;
      }
    }
    if (newestFault != null) {
      throw new CheckpointException(
          newestFault.getMessage()
              + "; no older checkpoint can be used either, so give another output directory",
          newestFault);
    }
    return Optional.empty();
  }

  private TrainingState restore(Path directory) {
    Artefact artefact = Artefact.open(directory);
    artefact.verify();
    Saved saved = saved(artefact);
    try (StoredTensors weights = StoredTensors.open(directory, MODEL);
        StoredTensors moments = StoredTensors.open(directory, OPTIMIZER)) {
      ModelWeights.read(weights, model);
      ModelWeights.read(moments, optimizer.state(), model.backend());
    }
    begun = Instant.parse(saved.begun);
    log.accept(
        String.format(
            Locale.ROOT, "resuming after step %,d from %s", saved.state.step(), directory));
    return saved.state;
  }

  private Saved saved(Artefact artefact) {
    Path file = artefact.file(STATE);
    try {
      return json.readValue(file.toFile(), Saved.class);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** A finished run that was made longer has checkpoints on the way that are newer than its end. */
  private List<Path> newestFirst() {
    List<Path> directories = new ArrayList<>(checkpoints());
    directories.add(model(output));
    directories.removeIf(directory -> !Artefact.isArtefact(directory));
    directories.sort(Comparator.comparingLong(this::stepOf).reversed());
    return directories;
  }

  /** An end that cannot be read counts as the newest, so that it is the first to be told of. */
  private long stepOf(Path directory) {
    if (!directory.equals(model(output))) {
      return Long.parseLong(directory.getFileName().toString().substring(STEP.length()));
    }
    try {
      return saved(Artefact.open(directory)).state.step();
    } catch (CheckpointException e) {
      return Long.MAX_VALUE;
    }
  }

  private static String stepName(long step) {
    return STEP + String.format(Locale.ROOT, "%08d", step);
  }

  /** The checkpoints on the way, newest first; interrupted writes are not among them. */
  private List<Path> checkpoints() {
    if (!Files.exists(onTheWay())) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(onTheWay())) {
      return children
          .filter(child -> child.getFileName().toString().matches(STEP + "\\d{8,18}"))
          .sorted(Comparator.comparingLong(this::stepOf).reversed())
          .toList();
    } catch (IOException e) {
      throw new CheckpointException(onTheWay() + ": cannot be listed: " + Reason.of(e), e);
    }
  }

  private void removeOld() {
    List<Path> checkpoints = checkpoints();
    checkpoints
        .subList(Math.min(keep, checkpoints.size()), checkpoints.size())
        .forEach(this::remove);
  }

  /** The manifest goes first: what is left of an interrupted removal is no artefact. */
  private void remove(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve("manifest.json"));
      for (Path file : files(directory)) {
        Files.delete(file);
      }
      Files.delete(directory);
    } catch (IOException e) {
      log.accept("cannot remove the old checkpoint " + directory + ": " + Reason.of(e));
    }
  }
}
