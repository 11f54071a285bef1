package io.kanana.core.optimize;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class OptimizeExtensionsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new OptimizeExtensions();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of(
        "optimizer/adamw",
        "learning-rate: 0.001",
        "lr-schedule/part",
        "of: {type: constant, warmup: {steps: 0}}");
  }
}
