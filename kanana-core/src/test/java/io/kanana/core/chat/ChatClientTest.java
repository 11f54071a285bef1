package io.kanana.core.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.chat.FakeEndpoint.Answer;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.template.ChatMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatClientTest {
  private static final List<ChatMessage> HELLO =
      List.of(ChatMessage.system("Be brief."), ChatMessage.user("안녕?"));

  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  private static ChatEndpoint endpoint(String url, int concurrency, int timeout, int retries) {
    return new ChatEndpoint(url, "judge", Optional.of("KEY"), 64, concurrency, timeout, retries);
  }

  private ChatClient client(String url, int retries) {
    return endpoint(url, 3, 10, retries).open(name -> "secret", pauses::add);
  }

  @Test
  void aConversationIsAnswered() throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> FakeEndpoint.says("네"));
        ChatClient client = client(endpoint.url(), 0)) {
      assertThat(client.ask("it", HELLO)).isEqualTo("네");
      assertThat(endpoint.keys).containsExactly("Bearer secret");
      JsonNode request = new ObjectMapper().readTree(endpoint.requests.getFirst());
      assertThat(request.get("model").asText()).isEqualTo("judge");
      assertThat(request.get("temperature").asInt()).isZero();
      assertThat(request.get("max_tokens").asInt()).isEqualTo(64);
      assertThat(request.at("/messages/0/role").asText()).isEqualTo("system");
      assertThat(request.at("/messages/1/content").asText()).isEqualTo("안녕?");
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
                      case 2 -> new Answer(200, "<html>gateway</html>");
                      case 3 -> new Answer(200, "{\"error\": \"none\"}");
                      default -> FakeEndpoint.says("yes");
                    });
        ChatClient client = client(endpoint.url(), 4)) {
      assertThat(client.ask("it", HELLO)).isEqualTo("yes");
    }
    Duration asked = Duration.ofSeconds(7);
    assertThat(pauses).containsExactly(asked, asked, Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void whatDoesNotPassIsAnError() throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> new Answer(401, "no such\nkey"));
        ChatClient client = client(endpoint.url(), 3)) {
      assertThatThrownBy(() -> client.ask("question 81", HELLO))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("question 81: status 401, no such key")
          .hasMessageContaining("after 1 tries");
    }
  }

  @Test
  void anotherFormIsAnErrorInTheEnd() throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> new Answer(200, "pong"));
        ChatClient client = client(endpoint.url(), 1)) {
      assertThatThrownBy(() -> client.ask("it", HELLO))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("not of OpenAI's form (pong)")
          .hasMessageContaining("after 2 tries");
    }
  }

  @Test
  void nobodyThere() throws IOException {
    String url;
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> FakeEndpoint.says(""))) {
      url = endpoint.url();
    }
    try (ChatClient client = client(url, 1)) {
      assertThatThrownBy(() -> client.ask("it", HELLO))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no answer")
          .hasMessageContaining("after 2 tries");
    }
    assertThat(pauses).containsExactly(Duration.ofMillis(500));
  }

  @Test
  void anEndpointThatHangsIsLeft() throws IOException {
    try (FakeEndpoint endpoint =
            new FakeEndpoint(
                request -> {
                  sleep(3000);
                  return FakeEndpoint.says("late");
                });
        ChatClient client = endpoint(endpoint.url(), 1, 1, 0).open(name -> "k", pauses::add)) {
      assertThatThrownBy(() -> client.ask("it", HELLO))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no answer");
    }
  }

  private static void sleep(int milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anEndlessAnswerIsCutOff() throws IOException {
    String endless = "x".repeat(9 << 20);
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> FakeEndpoint.says(endless));
        ChatClient client = client(endpoint.url(), 0)) {
      assertThatThrownBy(() -> client.ask("it", HELLO))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no answer");
    }
  }

  @Test
  void noMoreThanTheConcurrencyAreAskedAtOnce() throws IOException {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (FakeEndpoint endpoint =
            new FakeEndpoint(
                request -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  sleep(20);
                  now.decrementAndGet();
                  return FakeEndpoint.says(request.replaceAll("(?s).*doc(\\d+)\\..*", "$1"));
                });
        ChatClient client = client(endpoint.url(), 0)) {
      List<Callable<String>> work =
          IntStream.range(0, 12)
              .<Callable<String>>mapToObj(
                  i -> () -> client.ask("it", List.of(ChatMessage.user("doc" + i + "."))))
              .toList();
      assertThat(client.together(work))
          .containsExactlyElementsOf(IntStream.range(0, 12).mapToObj(Integer::toString).toList());
    }
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void aFailureEndsWorkDoneTogether() throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> new Answer(400, "no"));
        ChatClient client = client(endpoint.url(), 0)) {
      Callable<String> question = () -> client.ask("it", HELLO);
      assertThatThrownBy(() -> client.together(List.of(question, question)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("status 400");
    }
  }

  @Test
  void aClosedClientHasNoConnections() throws IOException {
    try (FakeEndpoint endpoint = new FakeEndpoint(request -> FakeEndpoint.says("yes"))) {
      ChatClient client = client(endpoint.url(), 0);
      client.ask("it", HELLO);
      client.close();
      assertThatThrownBy(() -> client.ask("it", HELLO))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no answer");
      assertThat(endpoint.requests).hasSize(1);
    }
  }

  @Test
  void anEmptyEnvironmentIsAMistakeOfTheConfiguration() {
    ChatEndpoint endpoint = endpoint("http://127.0.0.1:1", 1, 1, 0);
    assertThatThrownBy(() -> endpoint.open(name -> null, pauses::add))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("KEY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host",
        "http://",
        "http:///v1",
        "https://:80/v1",
        "http://a b",
        "http://host:65536/v1"
      })
  void anAddressWithoutAHostIsAMistakeOfTheConfiguration(String url) {
    assertThatThrownBy(() -> endpoint(url, 1, 1, 0))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("url");
  }
}
