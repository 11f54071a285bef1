package io.kanana.core.checkpoint;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.LowRankAdapters;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.WeightAxes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * LoRA adapters in a directory as PEFT reads and writes them: {@code adapter_config.json} and
 * {@code adapter_model.safetensors}, whoever wrote it. Opening it checks that the tensors are
 * exactly those of the configuration for a model of the given shape. Closing it ends the life of
 * the tensors.
 */
public final class PeftAdapter implements AutoCloseable {
  /** The kind of the artefacts. */
  public static final String KIND = "adapter";

  private static final String STEM = "adapter_model";
  private static final String PREFIX = "base_model.model.";

  private final Path directory;
  private final PeftConfig config;
  private final StoredTensors tensors;

  private PeftAdapter(Path directory, PeftConfig config, StoredTensors tensors) {
    this.directory = directory;
    this.config = config;
    this.tensors = tensors;
  }

  /**
   * Opens a directory. Where it is an artefact of ours, the sizes of its files are checked against
   * the manifest too.
   *
   * @param base the shape of the model that they are for
   * @throws CheckpointException naming file, key or tensor, what was found and the rule
   */
  public static PeftAdapter open(Path directory, ModelConfig base) {
    if (Artefact.isArtefact(directory)) {
      Artefact.open(directory);
    }
    PeftConfig config = PeftConfig.read(directory.resolve(PeftConfig.FILE));
    PeftAdapter adapter = new PeftAdapter(directory, config, StoredTensors.open(directory, STEM));
    try {
      adapter.checkTensors(base);
      return adapter;
    } catch (CheckpointException e) {
      adapter.close();
      throw e;
    }
  }

  private void checkTensors(ModelConfig base) {
    Set<String> rest = new HashSet<>(tensors.names());
    WeightAxes.of(base)
        .filter(weight -> config.shape().adapts(weight.name()))
        .flatMap(weight -> specs(weight, base).stream())
        .forEach(expected -> checkTensor(expected, rest.remove(expected.name())));
    if (!rest.isEmpty()) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: has tensor %s, which %s and a model of %d layers have no place for",
              directory,
              Quoted.of(rest.stream().sorted().findFirst().orElseThrow()),
              PeftConfig.FILE,
              base.layers()));
    }
  }

  /** A and B of a weight. */
  private List<TensorSpec> specs(WeightAxes weight, ModelConfig base) {
    long out = weight.dimensions().getFirst().size(base);
    long in = weight.dimensions().getLast().size(base);
    String down = PREFIX + LowRankAdapters.down(weight.name());
    String up = PREFIX + LowRankAdapters.up(weight.name());
    return List.of(
        TensorSpec.of(down, StoredType.F32, config.rank(), in),
        TensorSpec.of(up, StoredType.F32, out, config.rank()));
  }

  private void checkTensor(TensorSpec expected, boolean present) {
    if (!present) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: has no tensor %s, which %s and the model's shape need",
              directory,
              Quoted.of(expected.name()),
              PeftConfig.FILE));
    }
    TensorSpec found = tensors.spec(expected.name());
    if (!found.type().floating() || !found.shape().equals(expected.shape())) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: tensor %s is %s %s; by rank %d and the model's shape it must be floating, of shape %s",
              directory,
              Quoted.of(found.name()),
              found.type(),
              found.shape(),
              config.rank(),
              expected.shape()));
    }
  }

  public Path directory() {
    return directory;
  }

  /**
   * What children call it: the identity of the artefact, or, of a directory that others wrote, a
   * digest of configuration and tensors.
   *
   * @throws CheckpointException if a file cannot be read
   */
  public String id() {
    return DirectoryId.of(directory, PeftAdapter::countsForId);
  }

  private static boolean countsForId(Path file) {
    String name = file.getFileName().toString();
    return name.equals(PeftConfig.FILE) || name.endsWith(".safetensors");
  }

  public PeftConfig config() {
    return config;
  }

  /** A of a published weight: [r, in]. */
  public StoredTensor down(String weight) {
    return tensors.tensor(PREFIX + LowRankAdapters.down(weight));
  }

  /** B of a published weight: [out, r]. */
  public StoredTensor up(String weight) {
    return tensors.tensor(PREFIX + LowRankAdapters.up(weight));
  }

  /**
   * Gives a frozen model these adapters.
   *
   * @param model of the shape they were opened for, without adapters
   * @param trained whether they are to be trained on
   */
  public LowRankAdapters attach(Llama model, boolean trained) {
    LowRankAdapters adapters = model.adapt(config.shape(), trained);
    read(model);
    return adapters;
  }

  /**
   * Fills the adapters that a model has already, such as those of a run that goes on.
   *
   * @throws CheckpointException if the model's have another rank, scale or other targets
   */
  public void read(Llama model) {
    LowRankAdapters adapters = model.adapters().orElseThrow();
    if (!adapters.shape().equals(config.shape())) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: has adapters of %s, but the run's are of %s",
              directory,
              config.shape().describe(),
              adapters.shape().describe()));
    }
    for (Parameter parameter : adapters.parameters()) {
      for (Part part : parameter.parts()) {
        float[] values = tensors.tensor(PREFIX + part.name()).floats();
        model.backend().write(values, parameter.view(part, parameter.value()));
      }
    }
    model.refreshCopies();
  }

  /**
   * Adds the adapters of a model to an artefact, in F32.
   *
   * @param config of the shape of the model's adapters
   */
  public static void write(ArtefactWriter artefact, PeftConfig config, Llama model) {
    LowRankAdapters adapters = model.adapters().orElseThrow();
    if (!adapters.shape().equals(config.shape())) {
      throw new IllegalArgumentException(config + " does not describe " + adapters.shape());
    }
    List<TensorContent> contents = new ArrayList<>();
    for (Parameter parameter : adapters.parameters()) {
      for (Part part : parameter.parts()) {
        contents.addAll(
            ModelWeights.of(
                Map.of(PREFIX + part.name(), parameter.view(part, parameter.value())),
                model.backend()));
      }
    }
    artefact.write(PeftConfig.FILE, config.toJson());
    SafetensorsWriter.write(artefact, STEM, contents, Long.MAX_VALUE);
  }

  @Override
  public void close() {
    tensors.close();
  }
}
