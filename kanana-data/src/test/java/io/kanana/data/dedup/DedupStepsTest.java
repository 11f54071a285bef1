package io.kanana.data.dedup;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class DedupStepsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new DedupSteps();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of();
  }
}
