package io.kanana.posttrain.lora;

import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.checkpoint.PeftConfig;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.Beginning;
import io.kanana.core.train.ModelFiles;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A training of adapters beside a stored model, whose weights are read at once and never written.
 * Checkpoints hold the adapters alone, so a run that goes on needs the same model again, which its
 * job must see to. The stored model stays the caller's and must be open meanwhile.
 */
public final class LoraBeginning implements Beginning {
  private final HuggingFaceModel base;
  private final PeftConfig config;
  private final Consumer<Llama> first;

  private LoraBeginning(HuggingFaceModel base, PeftConfig config, Consumer<Llama> first) {
    this.base = base;
    this.config = config;
    this.first = first;
  }

  /**
   * New adapters, which add nothing at first.
   *
   * @param key of what is drawn
   */
  public static LoraBeginning of(HuggingFaceModel base, LoraConfig config, RandomKey key) {
    return new LoraBeginning(
        base, config.peft(name(base)), model -> model.adapters().orElseThrow().initialise(key));
  }

  /**
   * Adapters that are there already, ours or PEFT's; a dropout that they were trained with is left
   * out.
   *
   * @param adapter opened for the base's shape; it stays the caller's and must be open meanwhile
   */
  public static LoraBeginning of(HuggingFaceModel base, PeftAdapter adapter) {
    PeftConfig found = adapter.config();
    PeftConfig config =
        new PeftConfig(
            name(base), found.rank(), found.alpha(), found.rankStabilised(), found.targets());
    return new LoraBeginning(base, config, adapter::read);
  }

  private static Optional<String> name(HuggingFaceModel base) {
    return Optional.of(base.directory().toString());
  }

  @Override
  public ModelConfig shape() {
    return base.config().model();
  }

  @Override
  public Llama make(Precision precision, TensorBackend backend) {
    Llama model = ModelWeights.load(base, precision, backend);
    try {
      model.adapt(config.shape(), true);
      return model;
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  @Override
  public void begin(Llama model, Optimizer optimizer) {
    first.accept(model);
  }

  @Override
  public ModelFiles files(Llama model) {
    return new AdapterFiles(model, config);
  }
}
