package io.kanana.core.train;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.checkpoint.StoredTensors;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model, and beside it, in {@code objective.safetensors}, the weights that its objective trains
 * for itself.
 */
record WithObjective(ModelFiles model, TrainingObjective objective, TensorBackend backend)
    implements ModelFiles {
  private static final String WEIGHTS = "objective";

  WithObjective {
    for (Parameter own : objective.parameters()) {
      if (own.parts().stream().anyMatch(part -> !part.name().startsWith(TrainingObjective.OWN))) {
        throw new IllegalArgumentException(
            "weights of an objective must have names that begin with "
                + TrainingObjective.OWN
                + ", got "
                + own.name());
      }
    }
  }

  @Override
  public String kind() {
    return model.kind();
  }

  @Override
  public void write(ArtefactWriter artefact, SpecialTokens tokens) {
    model.write(artefact, tokens);
    SafetensorsWriter.write(artefact, WEIGHTS, ModelWeights.of(tensors(), backend), Long.MAX_VALUE);
  }

  @Override
  public void read(Path directory) {
    model.read(directory);
    try (StoredTensors stored = StoredTensors.open(directory, WEIGHTS)) {
      ModelWeights.read(stored, tensors(), backend);
    }
  }

  private Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : objective.parameters()) {
      for (Part part : parameter.parts()) {
        tensors.put(part.name(), parameter.view(part, parameter.value()));
      }
    }
    return tensors;
  }
}
