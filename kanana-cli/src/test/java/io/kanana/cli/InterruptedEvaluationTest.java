package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.chat.FakeEndpoint;
import io.kanana.core.chat.FakeEndpoint.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job {@code evaluate} on an endpoint, killed, and refused by the endpoint. */
class InterruptedEvaluationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int QUESTIONS = 60;

  @TempDir Path directory;

  private Path place(String name, FakeEndpoint endpoint) throws IOException {
    Path place = Files.createDirectories(directory.resolve(name));
    Files.writeString(
        place.resolve("mine.yaml"),
        """
        task: mine
        dataset_path: json
        dataset_kwargs: {data_files: {test: data.jsonl}}
        output_type: generate_until
        test_split: test
        doc_to_text: "{{question}}"
        doc_to_target: "{{answer}}"
        """);
    List<String> questions = new ArrayList<>();
    for (int i = 0; i < QUESTIONS; i++) {
      questions.add("{\"question\": \"question %d?\", \"answer\": \"%d\"}".formatted(i, i % 7));
    }
    Files.write(place.resolve("data.jsonl"), questions);
    Files.writeString(
        place.resolve("evaluate.yaml"),
        """
        job: evaluate
        output: out
        model: {type: endpoint, api: chat, url: "%s", model: m, concurrency: 2, retries: 0}
        tasks: [mine]
        task-directories: [.]
        bootstrap-iterations: 100
        """
            .formatted(endpoint.url()));
    return place;
  }

  /** Answers a question by its number, in some milliseconds. */
  private static Answer answer(String request) {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    int number = Integer.parseInt(request.replaceAll("(?s).*question (\\d+)\\?.*", "$1"));
    return FakeEndpoint.says(Integer.toString(number % 5));
  }

  private static FakeEndpoint endpoint(Function<String, Answer> answers) throws IOException {
    return new FakeEndpoint(answers);
  }

  private static CommandProcess.Result run(Path place, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("run", "evaluate.yaml"));
    arguments.addAll(List.of(options));
    try (CommandProcess process = CommandProcess.start(place, arguments)) {
      return process.result();
    }
  }

  private static long answered(Path place) {
    Path journal = place.resolve("out/journal.jsonl");
    try (Stream<String> lines = Files.exists(journal) ? Files.lines(journal) : Stream.empty()) {
      return Math.max(0, lines.count() - 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode results(Path place) throws IOException {
    JsonNode results = JSON.readTree(place.resolve("out/results/results.json").toFile());
    return ((ObjectNode) results).without(List.of("compute", "written", "model"));
  }

  @Test
  void whatWasAnsweredBeforeAKillIsNotAskedAgain() throws Exception {
    try (FakeEndpoint endpoint = endpoint(InterruptedEvaluationTest::answer)) {
      Path whole = place("whole", endpoint);
      run(whole).assertSucceeded();
      assertThat(endpoint.requests).hasSize(QUESTIONS);
      endpoint.requests.clear();
      Path killed = place("killed", endpoint);
      for (int moment : List.of(5, 25)) {
        try (CommandProcess process =
            CommandProcess.start(killed, List.of("run", "evaluate.yaml", "--resume"))) {
          assertThat(process.reaches(() -> answered(killed) >= moment)).isTrue();
          process.kill();
        }
        assertThat(killed.resolve("out/results")).doesNotExist();
      }
      run(killed, "--resume").assertSucceeded();
      // each kill loses what was under way: two questions at once
      assertThat(endpoint.requests.size()).isBetween(QUESTIONS, QUESTIONS + 2 * 2);
      assertThat(results(killed)).isEqualTo(results(whole));
      assertThat(killed.resolve("out/results/samples.jsonl"))
          .hasSameBinaryContentAs(whole.resolve("out/results/samples.jsonl"));
    }
  }

  @Test
  void anEndpointThatFailsEndsTheRunWhichGoesOnLater() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (FakeEndpoint endpoint =
        endpoint(
            request ->
                asked.incrementAndGet() > 10 && asked.get() < 20
                    ? new Answer(503, "too much to do")
                    : answer(request))) {
      Path place = place("refused", endpoint);
      run(place)
          .assertRefusedWith(
              3, "question", "status 503, too much to do, after 1 tries", "--resume");
      assertThat(answered(place)).isBetween(8L, 12L);
      asked.set(100);
      run(place, "--resume").assertSucceeded();
      assertThat(results(place).at("/tasks/mine/samples").asInt()).isEqualTo(QUESTIONS);
    }
  }
}
