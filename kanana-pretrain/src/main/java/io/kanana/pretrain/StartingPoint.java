package io.kanana.pretrain;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.RunCheckpoints;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The checkpoint that a training goes on from: its weights and, if wanted, its optimizer's memory.
 */
final class StartingPoint {
  private final Path directory;
  private final OptimizerState optimizerState;

  /**
   * @param directory a Hugging Face directory; moments to copy are in those of ours only
   */
  private StartingPoint(Path directory, OptimizerState optimizerState) {
    this.directory = directory;
    this.optimizerState = optimizerState;
  }

  StartingPoint(PretrainConfig.Start start) {
    this(start.model(), start.optimizerState());
  }

  /**
   * Refuses a checkpoint that cannot become this model, before any work is done for it. Context
   * length and rotary embedding may differ: no weight depends on them.
   *
   * @throws ConfigException if its shape is another, or it has no moments to copy
   * @throws CheckpointException if it cannot be read
   */
  void check(ModelConfig model) {
    ModelConfig found = HuggingFaceConfig.read(directory.resolve(HuggingFaceConfig.FILE)).model();
    List<String> differences =
        model.differences(found.withPositions(model.contextLength(), model.rope()));
    if (!differences.isEmpty()) {
      throw new ConfigException(
          "start.model",
          "must have the shape that model says; in "
              + directory
              + " "
              + String.join(", ", differences));
    }
    if (optimizerState == OptimizerState.COPY && !RunCheckpoints.hasOptimizer(directory)) {
      throw new ConfigException(
          "start.optimizer-state",
          "must be reset, got copy: " + directory + " has no optimizer's state");
    }
  }

  /**
   * Refuses another tokenizer than the run's own. A model directory without one is taken at its
   * word.
   *
   * @throws ConfigException if it is another
   */
  void checkTokenizer(BytePairTokenizer tokenizer) {
    Path file = directory.resolve(Tokenizers.TOKENIZER);
    if (Files.exists(file)
        && !Arrays.equals(Tokenizers.toJson(Tokenizers.load(file)), Tokenizers.toJson(tokenizer))) {
      throw new ConfigException(
          "tokenizer",
          "must be the one that start.model was trained with; give {type: load, path: "
              + directory
              + "}");
    }
  }

  /** As the training's provenance names it; {@link #read} is what looks at every byte of ours. */
  RunCheckpoints.Ancestor ancestor() {
    if (Artefact.isArtefact(directory)) {
      return RunCheckpoints.Ancestor.of(directory);
    }
    try (ParentModel model = ParentModel.open(directory)) {
      return model.asAncestor();
    }
  }

  /** Gives a model and its optimizer what the checkpoint has. */
  void read(Llama model, Optimizer optimizer) {
    if (Artefact.isArtefact(directory)) {
      Artefact.open(directory).verify();
    }
    try (HuggingFaceModel stored = HuggingFaceModel.open(directory)) {
      ModelWeights.read(stored.tensors(), model);
    }
    if (optimizerState == OptimizerState.COPY) {
      RunCheckpoints.continueOptimizer(directory, optimizer, model.backend());
    }
  }
}
