package io.kanana.eval.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.ConfigException;
import io.kanana.eval.request.Context;
import io.kanana.eval.request.Generation;
import io.kanana.eval.request.Message;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir Path directory;

  private static ObjectNode model(String name) {
    return JsonNodeFactory.instance.objectNode().put("model", name);
  }

  private static Map<Request, Response> answers() {
    Generation greedy = Generation.greedy(8, List.of("\n"));
    Context text = new Context.Text("a");
    Context turns = new Context.Conversation(List.of(Message.user("a", "")));
    Map<Request, Response> answers = new LinkedHashMap<>();
    answers.put(new Request.LogLikelihood("a", "bc"), new Response.LogLikelihood(-0.1, true, 1, 2));
    answers.put(
        new Request.LogLikelihood("ab", "c"),
        new Response.LogLikelihood(-123.45678901234568, false, 2, 1));
    answers.put(
        new Request.RollingLogLikelihood("abc"), new Response.RollingLogLikelihood(-9.5, 3, 1));
    answers.put(
        new Request.GenerateUntil(text, greedy, 0), new Response.Generated("x\u2028", 1, 2));
    answers.put(new Request.GenerateUntil(text, greedy, 1), new Response.Generated("", 1, 0));
    answers.put(new Request.GenerateUntil(turns, greedy, 0), new Response.Generated("y", 1, 1));
    answers.put(
        new Request.GenerateUntil(text, new Generation(List.of("\n"), 8, 0.5, 1), 0),
        new Response.Generated("z", 1, 1));
    return answers;
  }

  @Test
  void answersAreThereAgainAndEachRequestHasItsOwn() {
    Path file = directory.resolve("journal.jsonl");
    try (Journal journal = new Journal(file, model("m"))) {
      answers().forEach(journal::keep);
    }
    try (Journal journal = new Journal(file, model("m"))) {
      answers()
          .forEach((request, response) -> assertThat(journal.find(request)).contains(response));
      assertThat(journal.find(new Request.LogLikelihood("a", "b"))).isEmpty();
    }
  }

  @Test
  void everyTruncationKeepsWhatWasWhole() throws IOException {
    Path file = directory.resolve("journal.jsonl");
    try (Journal journal = new Journal(file, model("m"))) {
      answers().forEach(journal::keep);
    }
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      try (Journal journal = new Journal(file, model("m"))) {
        answers().forEach(journal::keep);
        assertThat(journal.find(new Request.LogLikelihood("ab", "c")).orElseThrow())
            .isEqualTo(new Response.LogLikelihood(-123.45678901234568, false, 2, 1));
      }
    }
  }

  @Test
  void anotherModelsAnswersAreRefused() {
    Path file = directory.resolve("journal.jsonl");
    new Journal(file, model("m")).close();
    assertThatThrownBy(() -> new Journal(file, model("other")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("are those of {\"model\":\"m\"}");
  }
}
