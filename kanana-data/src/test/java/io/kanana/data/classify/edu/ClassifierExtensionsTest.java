package io.kanana.data.classify.edu;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class ClassifierExtensionsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new ClassifierExtensions();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of(
        "cascade-step/classifier", "model: quality.bin",
        "document-scorer/chat", "{url: 'http://127.0.0.1:8000/v1', model: judge}");
  }
}
