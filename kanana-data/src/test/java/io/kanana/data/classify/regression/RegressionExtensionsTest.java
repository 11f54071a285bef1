package io.kanana.data.classify.regression;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class RegressionExtensionsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new RegressionExtensions();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of("cascade-step/regression-head", "{model: models/small, head: runs/head}");
  }
}
