package io.kanana.eval.task;

import io.kanana.eval.NoCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class YamlTaskTest extends BenchmarkTaskContract {
  @TempDir Path directory;

  @Override
  protected BenchmarkTask task() throws IOException {
    Files.writeString(
        directory.resolve("copa.jsonl"),
        """
        {"premise": "비가 왔다.", "question": "결과", "alternative_1": "젖었다.", "alternative_2": "말랐다.", "label": 0}
        {"premise": "불이 났다.", "question": "원인", "alternative_1": "비가 왔다.", "alternative_2": "성냥을 그었다.", "label": 1}
        """);
    return NoCode.library(directory, Map.of("skt/kobest_v1", Map.of("test", "{name}.jsonl")))
        .find("kobest_copa")
        .tasks()
        .getFirst();
  }

  @Override
  protected PromptSettings settings() {
    return PromptSettings.plain();
  }
}
