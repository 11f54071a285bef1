package io.kanana.posttrain.preference;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class RewardExtensionsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new RewardExtensions();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of(
        "reward-pairs/preferences",
        "files: [{type: files, path: a, on-corrupt-file: stop, max-record-bytes: 10}]",
        "reward-pairs/rated",
        "files: [a]");
  }
}
