package io.kanana.eval;

import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import java.util.Map;

class EvalExtensionsTest extends ExtensionContract {
  @Override
  protected ExtensionProvider provider() {
    return new EvalExtensions();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of(
        "evaluation-model/checkpoint",
        "path: model",
        "evaluation-model/endpoint",
        "{url: \"http://127.0.0.1:8000/v1\", model: m}",
        "checkpoint-probe/benchmarks",
        "tasks: [{type: named, name: kobest}]",
        "benchmark-task/named",
        "name: kobest",
        "benchmark-task/judged",
        """
        rubric: mt-bench
        questions: question.jsonl
        judge: {url: "http://127.0.0.1:8000/v1", model: m, max-tokens: 1024, concurrency: 8, timeout-seconds: 120, retries: 6}
        judgements: judgements.jsonl
        """);
  }
}
