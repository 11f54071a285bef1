package io.kanana.eval.judge;

import io.kanana.core.chat.ChatEndpoint;
import io.kanana.core.chat.FakeEndpoint;
import io.kanana.eval.NoCode;
import io.kanana.eval.request.Context;
import io.kanana.eval.task.BenchmarkTask;
import io.kanana.eval.task.BenchmarkTaskContract;
import io.kanana.eval.task.PromptSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class JudgedTaskContractTest extends BenchmarkTaskContract {
  @TempDir Path directory;
  private FakeEndpoint judge;

  @BeforeEach
  void start() throws IOException {
    judge = new FakeEndpoint(request -> FakeEndpoint.says("점수: [[5]]"));
  }

  @AfterEach
  void stop() {
    judge.close();
  }

  @Override
  protected BenchmarkTask task() throws IOException {
    Files.writeString(
        directory.resolve("questions.jsonl"),
        """
        {"id": 1, "category": "추론", "questions": ["하나?", "둘?"], "references": ["일", null]}
        {"id": 2, "category": "글쓰기", "questions": ["셋?"], "references": [null]}
        """);
    return new JudgedTask.Config(
            Rubric.LOGICKOR,
            Path.of("questions.jsonl"),
            16,
            new ChatEndpoint(judge.url(), "judge", Optional.empty(), 16, 2, 10, 0),
            directory.resolve("judgements.jsonl"))
        .create(NoCode.library(directory, Map.of()))
        .tasks()
        .getFirst();
  }

  @Override
  protected PromptSettings settings() {
    return PromptSettings.plain()
        .withChat(
            new PromptSettings.Chat(
                (messages, begun) -> new Context.Conversation(messages), Optional.empty(), true));
  }
}
