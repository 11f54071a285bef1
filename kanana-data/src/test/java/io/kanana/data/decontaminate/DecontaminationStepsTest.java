package io.kanana.data.decontaminate;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class DecontaminationStepsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new DecontaminationSteps();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of(
        "cascade-step/decontaminate",
        "benchmarks: [{name: gsm8k, path: gsm8k.jsonl, fields: [question]}]");
  }
}
