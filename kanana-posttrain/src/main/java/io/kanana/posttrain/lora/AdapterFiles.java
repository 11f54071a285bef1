package io.kanana.posttrain.lora;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.checkpoint.PeftConfig;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.model.Llama;
import io.kanana.core.train.ModelFiles;
import java.nio.file.Path;

/**
 * The adapters of a model and nothing else of it, as a PEFT directory: what a run leaves in its
 * checkpoints and at its end.
 *
 * @param config of the shape of the model's adapters
 */
public record AdapterFiles(Llama model, PeftConfig config) implements ModelFiles {
  @Override
  public String kind() {
    return PeftAdapter.KIND;
  }

  @Override
  public void write(ArtefactWriter artefact, SpecialTokens tokens) {
    PeftAdapter.write(artefact, config, model);
  }

  @Override
  public void read(Path directory) {
    try (PeftAdapter saved = PeftAdapter.open(directory, model.config())) {
      saved.read(model);
    }
  }
}
