package io.kanana.pretrain;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class PretrainExtensionsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new PretrainExtensions();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of(
        "tokenizer-choice/train-bpe", "vocabulary-size: 300", "tokenizer-choice/load", "path: a");
  }
}
