package io.kanana.pretrain.prune;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class PruneExtensionsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new PruneExtensions();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of(
        "pruning-strategy/budget",
        "budget: {parameters: 1000}",
        "candidate-trial/distillation",
        "until: {steps: 1}",
        "pruning-strategy/plan",
        "file: a");
  }
}
