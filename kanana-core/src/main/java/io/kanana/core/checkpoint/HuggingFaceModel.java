package io.kanana.core.checkpoint;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.ModelHead;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * A model directory as transformers, vLLM and llama.cpp's converter read it: {@code config.json}
 * and the weights, whoever wrote it. Opening it checks that the weights are exactly those of the
 * shape, so a model is allocated only for weights that are there. Closing it ends the life of the
 * tensors.
 */
public final class HuggingFaceModel implements AutoCloseable {
  private final Path directory;
  private final HuggingFaceConfig config;
  private final StoredTensors tensors;

  private HuggingFaceModel(Path directory, HuggingFaceConfig config, StoredTensors tensors) {
    this.directory = directory;
    this.config = config;
    this.tensors = tensors;
  }

  /**
   * Opens the directory of a language model. Where it is an artefact of ours, the sizes of its
   * files are checked against the manifest too.
   *
   * @throws CheckpointException naming file, tensor, what was found and the rule
   */
  public static HuggingFaceModel open(Path directory) {
    return open(directory, ModelHead.TOKENS);
  }

  /** The same for a model of either kind, which is refused if it is of the other. */
  public static HuggingFaceModel open(Path directory, ModelHead kind) {
    if (Artefact.isArtefact(directory) || !Files.isDirectory(directory)) {
      Artefact.open(directory);
    }
    HuggingFaceConfig config =
        HuggingFaceConfig.read(directory.resolve(HuggingFaceConfig.FILE), kind);
    HuggingFaceModel model =
        new HuggingFaceModel(directory, config, StoredTensors.open(directory, "model"));
    try {
      model.checkWeights();
      return model;
    } catch (CheckpointException e) {
      model.close();
      throw e;
    }
  }

  /**
   * Adds {@code config.json}, the weights and, where it can generate, {@code
   * generation_config.json} to an artefact.
   */
  public static void write(
      ArtefactWriter artefact,
      HuggingFaceConfig config,
      Collection<TensorContent> weights,
      long largestShard) {
    artefact.write(HuggingFaceConfig.FILE, config.toJson());
    if (config.head() == ModelHead.TOKENS) {
      artefact.write(GenerationConfig.FILE, GenerationConfig.of(config.tokens()).toJson());
    }
    SafetensorsWriter.write(artefact, "model", weights, largestShard);
  }

  private void checkWeights() {
    Set<String> rest = new HashSet<>(tensors.names());
    LlamaWeights.specs(config).forEach(spec -> checkWeight(spec, rest.remove(spec.name())));
    rest.removeIf(this::ignored);
    if (!rest.isEmpty()) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: has tensor %s, which the shape in %s has no place for",
              directory,
              Quoted.of(rest.stream().sorted().findFirst().orElseThrow()),
              HuggingFaceConfig.FILE));
    }
  }

  private void checkWeight(TensorSpec expected, boolean present) {
    if (!present) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: has no tensor %s, which the shape in %s needs",
              directory,
              Quoted.of(expected.name()),
              HuggingFaceConfig.FILE));
    }
    TensorSpec found = tensors.spec(expected.name());
    if (!found.type().floating() || !found.shape().equals(expected.shape())) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: tensor %s is %s %s; by %s it must be floating, of shape %s",
              directory,
              Quoted.of(found.name()),
              found.type(),
              found.shape(),
              HuggingFaceConfig.FILE,
              expected.shape()));
    }
  }

  /** Buffers of older programs, and a head that is the embedding once more. */
  private boolean ignored(String name) {
    return name.endsWith(".rotary_emb.inv_freq")
        || (config.model().tiedEmbeddings()
            && config.head() == ModelHead.TOKENS
            && name.equals("lm_head.weight"));
  }

  public Path directory() {
    return directory;
  }

  /**
   * What children call this model: the identity of the artefact, or, of a directory that others
   * wrote, a digest of its configuration and its weights, all of which are read for it.
   *
   * @throws CheckpointException if a file cannot be read
   */
  public String id() {
    return DirectoryId.of(directory, HuggingFaceModel::countsForId);
  }

  private static boolean countsForId(Path file) {
    String name = file.getFileName().toString();
    return name.equals(HuggingFaceConfig.FILE) || name.endsWith(".safetensors");
  }

  public HuggingFaceConfig config() {
    return config;
  }

  /** A weight by its published name: {@code model.layers.0.self_attn.q_proj.weight}. */
  public StoredTensor weight(String name) {
    return tensors.tensor(name);
  }

  /** All tensors, those included that no weight is made of. */
  public StoredTensors tensors() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.close();
  }
}
