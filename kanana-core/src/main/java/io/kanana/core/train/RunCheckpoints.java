package io.kanana.core.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.RecordJson;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.checkpoint.StoredTensors;
import io.kanana.core.config.Check;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import io.kanana.core.model.Llama;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.tensor.TensorBackend;
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
   * @param data the artefacts of the tokens that are trained on
   * @param tokens the ids that begin and end texts
   * @param configYaml the resolved configuration of the job
   * @param models those that the training begins with or learns from, whose compute is carried on;
   *     none where it begins with new weights
   */
  public record Origin(
      String job,
      Path tokenizer,
      List<Path> data,
      SpecialTokens tokens,
      String configYaml,
      List<Ancestor> models) {
    public Origin {
      data = List.copyOf(data);
      models = List.copyOf(models);
    }

    /** Of a training that begins with new weights. */
    public Origin(
        String job, Path tokenizer, List<Path> data, SpecialTokens tokens, String configYaml) {
      this(job, tokenizer, data, tokens, configYaml, List.of());
    }

    private List<Provenance.Parent> parents() {
      Stream<Provenance.Parent> made =
          Stream.concat(Stream.of(tokenizer), data.stream()).map(Ancestor::parent);
      return Stream.concat(models.stream().map(Ancestor::parent), made).toList();
    }

    private List<StageCompute> ancestors() {
      return Provenance.ancestry(
          models.stream().flatMap(model -> model.provenance().stream()).toList());
    }
  }

  /**
   * A model, or what one left behind.
   *
   * @param provenance empty for one that others made
   * @param mayGrow whether a run may go on with another in its place, as with a store that was made
   *     longer, which says itself whether it fits
   */
  public record Ancestor(
      Provenance.Parent parent, Optional<Provenance> provenance, boolean mayGrow) {
    /** A model. */
    public Ancestor(Provenance.Parent parent, Optional<Provenance> provenance) {
      this(parent, provenance, false);
    }

    /** One of ours. */
    public static Ancestor of(Path artefact) {
      return new Ancestor(
          parent(artefact), Optional.of(Provenance.read(artefact.resolve(Provenance.FILE))));
    }

    /** The same, in whose place another may be when a run goes on. */
    public Ancestor growing() {
      return new Ancestor(parent, provenance, true);
    }

    private static Provenance.Parent parent(Path artefact) {
      return new Provenance.Parent(Artefact.open(artefact).id(), artefact.toString());
    }
  }

  /**
   * The content of {@code state.json}.
   *
   * @param version of this layout
   * @param begun when the run began, which names it among others of the same configuration
   */
  private record Saved(int version, String begun, TrainingState state) {}

  private static final int VERSION = 1;
  private static final String STATE = "state.json";
  private static final String OPTIMIZER = "optimizer";
  private static final String MODEL = "model";

  private final Path output;
  private final ModelFiles files;
  private final Llama model;
  private final Optimizer optimizer;
  private final Origin origin;
  private final int keep;
  private final Consumer<String> log;
  private final Clock clock;
  private final StepDirectories onTheWay;
  private final List<Path> rejected = new ArrayList<>();
  private Instant begun;

  /**
   * @param files what of the model goes into a checkpoint
   * @param keep how many checkpoints on the way stay, at least 1
   * @param log is told of checkpoints that cannot be used
   * @param clock dates the provenance
   */
  public RunCheckpoints(
      Path output,
      ModelFiles files,
      Llama model,
      Optimizer optimizer,
      Origin origin,
      int keep,
      Consumer<String> log,
      Clock clock) {
    Check.that(keep > 0, "keep", "must be at least 1, got %s", keep);
    this.output = output;
    this.files = files;
    this.model = model;
    this.optimizer = optimizer;
    this.origin = origin;
    this.keep = keep;
    this.log = log;
    this.clock = clock;
    this.begun = clock.instant();
    this.onTheWay = new StepDirectories(output.resolve("checkpoints"), log);
  }

  /**
   * Gives a new run's optimizer what that of a finished one remembers, so that its first steps are
   * as long as the last ones were.
   *
   * @param checkpoint with moments for the same weights
   * @throws CheckpointException if it has none, or they are for others
   */
  public static void continueOptimizer(
      Path checkpoint, Optimizer optimizer, TensorBackend backend) {
    Artefact artefact = Artefact.open(checkpoint);
    try (StoredTensors moments = StoredTensors.open(checkpoint, OPTIMIZER)) {
      ModelWeights.read(moments, optimizer.state(), backend);
    }
    optimizer.restore(saved(artefact).state.updates());
  }

  /** Whether {@link #continueOptimizer} would find anything there. */
  public static boolean hasOptimizer(Path checkpoint) {
    return Artefact.isArtefact(checkpoint)
        && Artefact.open(checkpoint).manifest().files().containsKey(STATE);
  }

  /** Where the finished model goes. */
  public static Path model(Path output) {
    return output.resolve(MODEL);
  }

  @Override
  public Path save(TrainingState state, boolean last) {
    Path target = last ? model(output) : onTheWay.of(state.step());
    List<Provenance.Parent> parents = origin.parents();
    List<String> ids = parents.stream().map(Provenance.Parent::artefact).toList();
    try (ArtefactWriter artefact = ArtefactWriter.create(target, files.kind(), ids)) {
      writeModel(artefact);
      SafetensorsWriter.write(
          artefact, OPTIMIZER, ModelWeights.of(optimizer.state(), model.backend()), Long.MAX_VALUE);
      artefact.write(STATE, RecordJson.write(new Saved(VERSION, begun.toString(), state)));
      artefact.write("config.yaml", origin.configYaml);
      artefact.write(Provenance.FILE, provenance(state, parents).toJson());
      artefact.commit();
    }
    onTheWay.keep(keep, state.step());
    return target;
  }

  @Override
  public boolean hasEnd(TrainingState state) {
    Path end = model(output);
    return Artefact.isArtefact(end) && !rejected.contains(end) && stepOf(end) == state.step();
  }

  private void writeModel(ArtefactWriter artefact) {
    files.write(artefact, origin.tokens);
    for (String file : Artefact.open(origin.tokenizer).manifest().files().keySet()) {
      artefact.copy(file, origin.tokenizer.resolve(file));
    }
  }

  private Provenance provenance(TrainingState state, List<Provenance.Parent> parents) {
    StageCompute stage =
        new StageCompute(
            Provenance.runId(origin.job, origin.configYaml, begun),
            origin.job,
            state.tokens(),
            model.kind().parameterCount(model.config()),
            state.flops(),
            state.seconds());
    SortedMap<String, String> software = new TreeMap<>();
    software.put("java", System.getProperty("java.version"));
    software.put("back end", model.backend().description());
    return new Provenance(
        origin.job,
        clock.instant(),
        origin.configYaml,
        parents,
        List.of(stage),
        origin.ancestors(),
        software);
  }

  /**
   * Reads weights and moments of the newest checkpoint that is whole; empty where there is none.
   * Newer ones, which were refused, are put aside, and so is what interrupted writes left.
   *
   * @throws CheckpointException if there are some and none can be used: the run is not begun again
   *     over them
   * @throws ConfigException if they come from another model than the one that is there now
   */
  public Optional<TrainingState> restoreLatest() {
    Artefact.recover(model(output));
    onTheWay.recover();
    CheckpointException newestFault = null;
    for (Path directory : newestFirst()) {
      try {
        TrainingState state = restore(directory);
        rejected.stream().filter(onTheWay::contains).forEach(onTheWay::putAside);
        return Optional.of(state);
      } catch (CheckpointException e) {
        log.accept("cannot resume from " + directory + ": " + e.getMessage());
        rejected.add(directory);
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
    requireSameModels(directory, artefact.manifest().parents());
    files.read(directory);
    try (StoredTensors moments = StoredTensors.open(directory, OPTIMIZER)) {
      ModelWeights.read(moments, optimizer.state(), model.backend());
    }
    begun = Instant.parse(saved.begun);
    log.accept(
        String.format(
            Locale.ROOT, "resuming after step %,d from %s", saved.state.step(), directory));
    return saved.state;
  }

  /** A directory may hold another model by now than when the run began. */
  private void requireSameModels(Path checkpoint, List<String> former) {
    for (Ancestor now : origin.models) {
      if (!now.mayGrow && !former.contains(now.parent.artefact())) {
        throw new ConfigException(
            "",
            String.format(
                Locale.ROOT,
                "%s holds another model (%s) than the one that %s comes from; put that back, or give another output",
                now.parent.path(),
                now.parent.artefact(),
                checkpoint));
      }
    }
  }

  private static Saved saved(Artefact artefact) {
    Path file = artefact.file(STATE);
    try {
      byte[] json = Files.readAllBytes(file);
      JsonNode tree = RecordJson.read(json, JsonNode.class);
      if (tree.path("version").asInt() != VERSION) {
        throw new CheckpointException(
            String.format(
                Locale.ROOT,
                "%s: version must be %d, got %s; another kanana wrote this",
                file,
                VERSION,
                tree.get("version")));
      }
      return RecordJson.read(json, Saved.class);
    } catch (JsonProcessingException e) {
      throw new CheckpointException(file + ": cannot be read: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** A finished run that was made longer has checkpoints on the way that are newer than its end. */
  private List<Path> newestFirst() {
    List<Path> directories = new ArrayList<>(List.of(model(output)));
    directories.removeIf(directory -> !Artefact.isArtefact(directory));
    directories.addAll(onTheWay.newestFirst());
    directories.sort(Comparator.comparingLong(this::stepOf).reversed());
    return directories;
  }

  /** An end that cannot be read counts as the newest, so that it is the first to be told of. */
  private long stepOf(Path directory) {
    if (onTheWay.contains(directory)) {
      return onTheWay.step(directory);
    }
    try {
      return saved(Artefact.open(directory)).state.step();
    } catch (CheckpointException e) {
      return Long.MAX_VALUE;
    }
  }
}
