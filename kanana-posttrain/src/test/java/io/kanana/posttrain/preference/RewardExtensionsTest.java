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
        "files: [a]",
        "reward-pairs/rated",
        "files: [a]",
        "reward-model/model",
        "path: a",
        "reward-model/rule",
        "rules: [{type: math-answer, weight: 1}]",
        "reward-model/judge",
        "endpoint: {url: 'http://localhost/v1', model: m, max-tokens: 9, concurrency: 1,"
            + " timeout-seconds: 9, retries: 1}",
        "reward-rule/pattern",
        "pattern: a",
        "reward-rule/length",
        "{free: 10, per-token: -0.1}");
  }
}
