package io.kanana.data.privacy;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class PrivacyStepsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new PrivacySteps();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of();
  }
}
