package io.kanana.data.classify.edu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.data.classify.edu.FakeEndpoint.Answer;
import io.kanana.data.document.Document;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatScorerTest {
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  private DocumentScorer scorer(String url, int retries) {
    return new ChatScores(
            url, "judge", Optional.empty(), Optional.of("KEY"), 40, 64, 5, 4, 10, retries)
        .create(name -> "secret", pauses::add);
  }

  private static List<Document> documents(int count) {
    return IntStream.range(0, count).mapToObj(i -> Document.of("d" + i, "doc" + i + ".")).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "Teaches well. Score: 4, 4",
    "**Score**: 3.5, 3.5",
    "score 1 at first; in the end Score: 2, 2",
    "설명이 좋다. 점수: 5, 5",
    "점수: 3, 3",
    "**Score**: 4, 4",
    "**Score:** 4, 4",
    "SCORE = 0, 0",
  })
  void theLastScoreOfAnAnswerCounts(String answer, double score) throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> FakeEndpoint.says(answer))) {
      assertThat(scorer(endpoint.url(), 0).score(documents(1)))
          .containsExactly(OptionalDouble.of(score));
      assertThat(endpoint.keys).containsExactly("Bearer secret");
      assertThat(endpoint.requests.getFirst())
          .contains("\"model\":\"judge\"", "doc0.", "Score: N")
          .doesNotContain("{text}");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "I cannot say., ''",
    "Score: 11, ''",
    "Score: none, ''",
    "Score: -1, ''",
    "Score: 3. Score: -1, ''",
    "score (0-5): 3, ''"
  })
  void anAnswerWithoutAScoreIsNone(String answer) throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> FakeEndpoint.says(answer))) {
      assertThat(scorer(endpoint.url(), 0).score(documents(1)))
          .containsExactly(OptionalDouble.empty());
    }
  }

  @Test
  void answersKeepTheOrderOfDocuments() throws IOException {
    try (FakeEndpoint endpoint =
        new FakeEndpoint(
            request ->
                FakeEndpoint.says("Score: " + request.replaceAll("(?s).*doc(\\d)\\..*", "$1")))) {
      assertThat(scorer(endpoint.url(), 0).score(documents(5)))
          .extracting(OptionalDouble::getAsDouble)
          .containsExactly(0.0, 1.0, 2.0, 3.0, 4.0);
    }
  }

  @Test
  void whatMayPassIsTriedAgain() throws IOException {
    AtomicInteger tries = new AtomicInteger();
    try (FakeEndpoint endpoint =
        new FakeEndpoint(
            request ->
                switch (tries.getAndIncrement()) {
                  case 0 -> new Answer(429, "slow down");
                  case 1 -> new Answer(503, "busy");
                  default -> FakeEndpoint.says("Score: 1");
                })) {
      assertThat(scorer(endpoint.url(), 2).score(documents(1)))
          .containsExactly(OptionalDouble.of(1));
      assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
    }
  }

  @Test
  void whatDoesNotPassEndsTheJob() throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> new Answer(401, "no such\nkey"))) {
      assertThatThrownBy(() -> scorer(endpoint.url(), 3).score(documents(1)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("status 401, no such key")
          .hasMessageContaining("after 1 tries");
    }
  }

  @Test
  void nobodyThere() throws IOException {
    String url;
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> FakeEndpoint.says(""))) {
      url = endpoint.url();
    }
    assertThatThrownBy(() -> scorer(url, 1).score(documents(1)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no answer")
        .hasMessageContaining("after 2 tries");
    assertThat(pauses).containsExactly(Duration.ofMillis(500));
  }

  @Test
  void anEndlessAnswerIsCutOff() throws IOException {
    String endless = "x".repeat(3 << 20);
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> FakeEndpoint.says(endless))) {
      assertThatThrownBy(() -> scorer(endpoint.url(), 0).score(documents(1)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no answer");
    }
  }

  @Test
  void anEmptyEnvironmentIsAMistakeOfTheConfiguration() {
    ChatScores config =
        new ChatScores(
            "http://127.0.0.1:1", "m", Optional.empty(), Optional.of("NO_KEY"), 1, 1, 5, 1, 1, 0);
    assertThatThrownBy(() -> config.create(name -> null, pauses::add))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("NO_KEY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://", "http:///v1", "https://:80/v1", "http://a b", "http://host:65536/v1"})
  void anAddressWithoutAHostIsAMistakeOfTheConfiguration(String url) {
    assertThatThrownBy(() -> scorer(url, 0))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("url");
  }

  @Test
  void aClosedScorerHasNoConnections() throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> FakeEndpoint.says("Score: 1"))) {
      DocumentScorer scorer = scorer(endpoint.url(), 0);
      scorer.score(documents(1));
      scorer.close();
      assertThatThrownBy(() -> scorer.score(documents(1)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no answer");
      assertThat(endpoint.requests).hasSize(1);
    }
  }

  @Test
  void longDocumentsAreCutBetweenCharacters() {
    ChatScores config =
        new ChatScores(
            "http://x", "m", Optional.of("<{text}>"), Optional.empty(), 3, 1, 5, 1, 1, 0);
    assertThat(config.question("ab😀cd")).isEqualTo("<ab>");
    assertThat(config.question("한국어문서")).isEqualTo("<한국어>");
  }
}
