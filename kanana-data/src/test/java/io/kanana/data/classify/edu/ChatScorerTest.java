package io.kanana.data.classify.edu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.chat.FakeEndpoint;
import io.kanana.core.chat.FakeEndpoint.Answer;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.data.document.Document;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatScorerTest {
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  private DocumentScorer scorer(String url, int retries) {
    ChatScores config =
        new ChatScores(
            url, "judge", Optional.empty(), Optional.of("KEY"), 40, 64, 5, 4, 10, retries);
    return new ChatScorer(config, config.endpoint().open(name -> "secret", pauses::add));
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
  void whatDoesNotPassEndsTheJob() throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> new Answer(401, "no such\nkey"))) {
      assertThatThrownBy(() -> scorer(endpoint.url(), 3).score(documents(1)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("status 401, no such key")
          .hasMessageContaining("after 1 tries");
    }
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
  void longDocumentsAreCutBetweenCharacters() {
    ChatScores config =
        new ChatScores(
            "http://x", "m", Optional.of("<{text}>"), Optional.empty(), 3, 1, 5, 1, 1, 0);
    assertThat(config.question("ab😀cd")).isEqualTo("<ab>");
    assertThat(config.question("한국어문서")).isEqualTo("<한국어>");
  }
}
