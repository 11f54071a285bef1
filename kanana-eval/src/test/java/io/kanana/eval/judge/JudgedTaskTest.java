package io.kanana.eval.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.chat.ChatEndpoint;
import io.kanana.core.chat.FakeEndpoint;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.eval.NoCode;
import io.kanana.eval.SayingModel;
import io.kanana.eval.request.Context;
import io.kanana.eval.run.Evaluation;
import io.kanana.eval.run.Figure;
import io.kanana.eval.task.PromptSettings;
import io.kanana.eval.task.TaskTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgedTaskTest {
  private static final PromptSettings IN_CHAT =
      PromptSettings.plain()
          .withChat(
              new PromptSettings.Chat(
                  (messages, begun) -> new Context.Conversation(messages),
                  Optional.of("Be brief."),
                  true));

  @TempDir Path directory;

  private final List<String> prompts = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void writeQuestions() throws IOException {
    Files.writeString(
        directory.resolve("questions.jsonl"),
        """
        {"question_id": 81, "category": "writing", "turns": ["Write.", "Again."]}
        {"question_id": 101, "category": "math", "turns": ["Add.", "Twice."], "reference": ["two", null]}
        """);
  }

  private TaskTree task(String url, String questions) {
    return task(url, questions, Optional.empty());
  }

  private TaskTree task(String url, String questions, Optional<String> key) {
    return new JudgedTask.Config(
            Rubric.MT_BENCH,
            Path.of(questions),
            64,
            new ChatEndpoint(url, "judge", key, 64, 2, 10, 0),
            directory.resolve("judgements.jsonl"))
        .create(NoCode.library(directory, Map.of()));
  }

  private Evaluation.Results run(String url) {
    return SayingModel.run(
        task(url, "questions.jsonl"),
        IN_CHAT,
        prompt -> {
          prompts.add(prompt);
          return "answer " + prompts.size();
        });
  }

  /** The judge likes writing, dislikes second turns, and does not rate "Twice.". */
  private static FakeEndpoint.Answer rating(String request) {
    if (request.contains("Twice.")) {
      return FakeEndpoint.says("I will not.");
    }
    return FakeEndpoint.says(
        request.contains("Again.") ? "[[4]]" : request.contains("Write.") ? "[[10]]" : "[[7]]");
  }

  @Test
  void everyTurnIsAskedWithTheAnswersBeforeItAndRated() throws IOException {
    Map<String, Figure> figures;
    try (FakeEndpoint judge = new FakeEndpoint(JudgedTaskTest::rating)) {
      figures = run(judge.url()).tasks().get("mt-bench").figures();
    }
    assertThat(prompts)
        .containsExactly(
            "system: Be brief.\nuser: Write.",
            "system: Be brief.\nuser: Add.",
            "system: Be brief.\nuser: Write.\nassistant: answer 1\nuser: Again.",
            "system: Be brief.\nuser: Add.\nassistant: answer 2\nuser: Twice.");
    assertThat(figures.keySet())
        .containsExactly(
            "rating,none",
            "rating_turn_1,none",
            "rating_turn_2,none",
            "rating_math,none",
            "rating_writing,none",
            "unrated,none");
    assertThat(figures.get("rating,none").value()).isEqualTo(7);
    assertThat(figures.get("rating_turn_1,none").value()).isEqualTo(8.5);
    assertThat(figures.get("rating_turn_1,none").error().orElseThrow())
        .isCloseTo(1.5, within(1e-12));
    assertThat(figures.get("rating_turn_2,none").value()).isEqualTo(4);
    assertThat(figures.get("rating_writing,none").value()).isEqualTo(7);
    assertThat(figures.get("unrated,none").value()).isEqualTo(0.25);
    assertThat(figures.get("unrated,none").higherIsBetter()).isFalse();
  }

  @Test
  void whatTheJudgeSaidIsNotAskedAgain() throws IOException {
    Map<String, Figure> first;
    try (FakeEndpoint judge = new FakeEndpoint(JudgedTaskTest::rating)) {
      first = run(judge.url()).tasks().get("mt-bench").figures();
    }
    prompts.clear();
    try (FakeEndpoint judge =
        new FakeEndpoint(request -> new FakeEndpoint.Answer(400, "asked again"))) {
      assertThat(run(judge.url()).tasks().get("mt-bench").figures()).isEqualTo(first);
    }
  }

  @Test
  void conversationsAndQuestionsAreNeeded() throws IOException {
    TaskTree task = task("http://127.0.0.1:1/v1", "questions.jsonl");
    assertThatThrownBy(() -> task.tasks().getFirst().examples(PromptSettings.plain()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("chat: is needed by mt-bench");
    TaskTree locked =
        task("http://127.0.0.1:1/v1", "questions.jsonl", Optional.of("NO_SUCH_KANANA_KEY"));
    assertThatThrownBy(() -> locked.tasks().getFirst().examples(IN_CHAT))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("the environment has no NO_SUCH_KANANA_KEY");
    Files.writeString(directory.resolve("other.jsonl"), "{\"question\": \"?\"}\n");
    TaskTree other = task("http://127.0.0.1:1/v1", "other.jsonl");
    assertThatThrownBy(() -> other.tasks().getFirst().examples(IN_CHAT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("other.jsonl, question 0: has no list of texts");
    TaskTree missing = task("http://127.0.0.1:1/v1", "missing.jsonl");
    assertThatThrownBy(() -> missing.tasks().getFirst().examples(IN_CHAT))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("missing.jsonl: there is no such file, but task mt-bench reads it");
  }
}
