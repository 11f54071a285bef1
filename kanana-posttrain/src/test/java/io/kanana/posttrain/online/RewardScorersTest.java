package io.kanana.posttrain.online;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class RewardScorersTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new RewardScorers();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of(
        "scorer/model",
        "path: a",
        "scorer/rule",
        "rules: [{type: math-answer, weight: 1}]",
        "scorer/judge",
        "endpoint: {url: 'http://localhost/v1', model: m, max-tokens: 9, concurrency: 1,"
            + " timeout-seconds: 9, retries: 1}",
        "reward-rule/pattern",
        "pattern: a",
        "reward-rule/length",
        "{free: 10, per-token: -0.1}");
  }
}
