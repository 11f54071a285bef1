package io.kanana.posttrain;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class PosttrainExtensionsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new PosttrainExtensions();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of(
        "conversation-source/files", "path: a",
        "conversation-source/arithmetic", "questions: 10",
        "preference-source/arithmetic", "questions: 10");
  }
}
