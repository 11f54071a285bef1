package io.kanana.posttrain.merge;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class MergeExtensionsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new MergeExtensions();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of();
  }
}
