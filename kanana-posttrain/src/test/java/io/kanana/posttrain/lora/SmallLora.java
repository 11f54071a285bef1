package io.kanana.posttrain.lora;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.Projection;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A model of some thousand weights, and adapters for it. */
final class SmallLora {
  static final int VOCABULARY = 31;

  static final LoraConfig CONFIG = new LoraConfig(4, 8, false, List.of(Projection.values()));

  private SmallLora() {}

  static ModelConfig shape(int layers) {
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    return new ModelConfig(layers, 32, 4, 2, 8, 48, VOCABULARY, 32, 1e-5, rope, true);
  }

  static Llama frozen(TensorBackend backend, Precision precision) {
    Llama model = Llama.frozen(shape(2), precision, backend);
    model.initialise(RandomKey.of(5), 0.2);
    return model;
  }

  /** With an A and a B that matter. */
  static Llama adapted(TensorBackend backend, long seed) {
    Llama model = frozen(backend, Precision.F32);
    for (Parameter parameter : CONFIG.attach(model, RandomKey.of(1)).parameters()) {
      float[] values = new float[(int) parameter.value().size()];
      RandomKey.of(seed).child(parameter.name()).fillGaussian(values, 0, 0.2);
      backend.write(values, parameter.value());
    }
    model.refreshCopies();
    return model;
  }

  static void writeBase(Path directory, StoredType type) {
    try (TensorBackend backend = TensorBackends.open("reference", 1);
        Llama model = frozen(backend, Precision.F32);
        ArtefactWriter artefact =
            ArtefactWriter.create(directory, ModelDirectory.KIND, List.of())) {
      List<TensorContent> weights =
          ModelWeights.of(model).stream().map(weight -> weight.as(type)).toList();
      HuggingFaceConfig config =
          new HuggingFaceConfig(shape(2), type, SpecialTokens.NONE, OptionalDouble.empty());
      HuggingFaceModel.write(artefact, config, weights, Long.MAX_VALUE);
      artefact.write("tokenizer.json", "{}");
      artefact.commit();
    }
  }

  static void writeAdapter(Path directory, long seed) {
    try (TensorBackend backend = TensorBackends.open("reference", 1);
        Llama model = adapted(backend, seed)) {
      write(directory, model);
    }
  }

  static void write(Path directory, Llama model) {
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, PeftAdapter.KIND, List.of())) {
      PeftAdapter.write(artefact, CONFIG.peft(Optional.empty()), model);
      artefact.commit();
    }
  }
}
