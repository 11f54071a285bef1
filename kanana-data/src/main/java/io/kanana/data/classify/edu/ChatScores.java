package io.kanana.data.classify.edu;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Scores by a language model behind an endpoint of OpenAI's form ({@code type: chat}).
 *
 * @param url up to and without {@code /chat/completions}: {@code http://127.0.0.1:8000/v1}
 * @param model its name at the endpoint
 * @param prompt a text with {@code {text}} where the document belongs, whose answer ends in {@code
 *     Score: } and a number; the rubric of 0 to 5 that comes along where it is absent
 * @param apiKeyVariable the environment variable with the key, where one is needed
 * @param maxCharacters of a document; the rest is left out
 * @param maxTokens of an answer
 * @param maxScore answers outside of 0 to this are none
 * @param concurrency requests at once
 * @param timeoutSeconds for one answer
 * @param retries of a request that failed for a reason that may pass
 */
public record ChatScores(
    String url,
    String model,
    Optional<String> prompt,
    Optional<String> apiKeyVariable,
    int maxCharacters,
    int maxTokens,
    double maxScore,
    int concurrency,
    int timeoutSeconds,
    int retries)
    implements DocumentScorer.Config {
  private static final String PLACE = "{text}";
  private static final int LAST_PORT = 0xFFFF;

  public ChatScores {
    Check.that(
        url.startsWith("http://") || url.startsWith("https://"),
        "url",
        "must begin with http:// or https://, got %s",
        url);
    Check.that(
        endpoint(url).isPresent(),
        "url",
        "must be an address with a host, and a port up to 65535 if any, got %s",
        url);
    Check.that(!model.isBlank(), "model", "must name a model of the endpoint");
    Check.that(
        prompt.orElse(PLACE).contains(PLACE),
        "prompt",
        "must say by {text} where documents belong");
    Check.that(maxCharacters >= 1, "max-characters", "must be at least 1, got %s", maxCharacters);
    Check.that(maxTokens >= 1, "max-tokens", "must be at least 1, got %s", maxTokens);
    Check.that(maxScore > 0, "max-score", "must be > 0, got %s", maxScore);
    Check.that(
        concurrency >= 1 && concurrency <= 1024,
        "concurrency",
        "must lie in 1 .. 1024, got %s",
        concurrency);
    Check.that(
        timeoutSeconds >= 1, "timeout-seconds", "must be at least 1, got %s", timeoutSeconds);
    Check.that(retries >= 0 && retries <= 20, "retries", "must lie in 0 .. 20, got %s", retries);
  }

  @Override
  public DocumentScorer create() {
    return create(System::getenv, ChatScorer.SLEEP);
  }

  /** The same with another environment and another way to wait. */
  DocumentScorer create(UnaryOperator<String> environment, ChatScorer.Pause pause) {
    return new ChatScorer(this, endpoint(url).orElseThrow(), apiKey(environment), pause);
  }

  private static Optional<URI> endpoint(String url) {
    try {
      return Optional.of(new URI(url.replaceFirst("/+$", "") + "/chat/completions"))
          .filter(address -> address.getHost() != null && address.getPort() <= LAST_PORT);
    } catch (URISyntaxException _) {
      return Optional.empty(); // the message is that of no host
    }
  }

  private Optional<String> apiKey(UnaryOperator<String> environment) {
    return apiKeyVariable.map(
        name -> {
          String key = environment.apply(name);
          if (key == null || key.isBlank()) {
            throw new ConfigException(
                "api-key-variable",
                "the environment has no " + name + "; set it, or leave this out");
          }
          return key;
        });
  }

  Duration timeout() {
    return Duration.ofSeconds(timeoutSeconds);
  }

  /** What is asked about a document. */
  String question(String text) {
    int end = Math.min(text.length(), maxCharacters);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return prompt.orElseGet(ChatScores::rubric).replace(PLACE, text.substring(0, end));
  }

  private static String rubric() {
    try (InputStream in = ChatScores.class.getResourceAsStream("rubric.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
