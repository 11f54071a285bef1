package io.kanana.core.train;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.checkpoint.StoredTensors;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Every weight of a model, as a Hugging Face directory. */
public record WholeModel(Llama model) implements ModelFiles {
  private static final String WEIGHTS = "model";

  @Override
  public String kind() {
    return ModelDirectory.KIND;
  }

  @Override
  public void write(ArtefactWriter artefact, SpecialTokens tokens) {
    ModelDirectory.writeModel(artefact, model, tokens, StoredType.F32);
  }

  @Override
  public void read(Path directory) {
    checkShape(directory);
    try (StoredTensors weights = StoredTensors.open(directory, WEIGHTS)) {
      ModelWeights.read(weights, model);
    }
  }

  /** The same weights may belong to another model: of more but smaller heads, say. */
  private void checkShape(Path directory) {
    ModelConfig found =
        HuggingFaceConfig.read(directory.resolve(HuggingFaceConfig.FILE), model.kind()).model();
    List<String> differences = model.config().differences(found);
    if (!differences.isEmpty()) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: its model is not of the configured shape: %s",
              directory,
              String.join(", ", differences)));
    }
  }
}
