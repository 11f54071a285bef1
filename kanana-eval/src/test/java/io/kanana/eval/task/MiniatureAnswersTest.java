package io.kanana.eval.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.eval.NoCode;
import io.kanana.eval.SayingModel;
import io.kanana.eval.metric.MetricContext;
import io.kanana.eval.run.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The task files beside the configurations that ask what a model of the miniature web knows. */
class MiniatureAnswersTest {
  private static final Path TASKS = Path.of("..", "configs", "evaluate", "miniature");

  @TempDir Path directory;

  /** As the benchmark has them: one in Korean, one in English. */
  private double rightShare(String task, String korean, String english) throws IOException {
    Files.writeString(
        directory.resolve("questions.jsonl"),
        """
        {"id":"ko-1","question":"장날은 언제입니까?","prompt":"","choices":["금요일","일요일"],"answer":1}
        {"id":"en-2","question":"Which season?","prompt":"","choices":["Summer","Winter"],"answer":0}
        """);
    TaskLibrary library =
        TaskLibrary.of(
            List.of(TASKS),
            NoCode.loaded(),
            new MetricContext(false),
            new DataFiles(directory, Map.of("miniature", Map.of("test", "questions.jsonl"))));
    Evaluation.Results results =
        SayingModel.run(
            library.find(task),
            PromptSettings.plain(),
            prompt -> prompt.equals("Which season?") ? english : korean);
    return results.tasks().get(task).figures().get("exact_match,none").value();
  }

  @ParameterizedTest
  @CsvSource({
    "' 일요일입니다.', ' Summer.', 1",
    "일요일입니다., Summer., 1",
    "일요일, Summer., 0.5",
    "' 일요일입니다', ' Summer', 0",
    "' 금요일입니다.', ' Summer.', 0.5",
    "' 일요일입니다. 그리고', ' Summer. Question:', 0"
  })
  void onlyWholeAnswersAreRight(String korean, String english, double share) throws IOException {
    assertThat(rightShare("miniature-answers", korean, english)).isEqualTo(share);
    assertThat(rightShare("miniature-sampled", korean, english)).isEqualTo(share);
  }
}
