package io.kanana.data.extract;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class ExtractStepsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new ExtractSteps();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of();
  }
}
