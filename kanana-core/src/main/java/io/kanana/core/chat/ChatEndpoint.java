package io.kanana.core.chat;

import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A model behind an endpoint of OpenAI's form, and how it is asked.
 *
 * @param url up to and without {@code /chat/completions}: {@code http://127.0.0.1:8000/v1}
 * @param model its name at the endpoint
 * @param apiKeyVariable the environment variable with the key, where one is needed
 * @param maxTokens of an answer
 * @param concurrency requests at once
 * @param timeoutSeconds for one answer
 * @param retries of a request that failed for a reason that may pass
 */
public record ChatEndpoint(
    String url,
    String model,
    Optional<String> apiKeyVariable,
    int maxTokens,
    int concurrency,
    int timeoutSeconds,
    int retries) {
  static final String CHAT = "chat/completions";

  private static final int LAST_PORT = 0xFFFF;

  public ChatEndpoint {
    Check.that(
        url.startsWith("http://") || url.startsWith("https://"),
        "url",
        "must begin with http:// or https://, got %s",
        url);
    Check.that(
        address(url, CHAT).isPresent(),
        "url",
        "must be an address with a host, and a port up to 65535 if any, got %s",
        url);
    Check.that(!model.isBlank(), "model", "must name a model of the endpoint");
    Check.that(maxTokens >= 1, "max-tokens", "must be at least 1, got %s", maxTokens);
    Check.that(
        concurrency >= 1 && concurrency <= 1024,
        "concurrency",
        "must lie in 1 .. 1024, got %s",
        concurrency);
    Check.that(
        timeoutSeconds >= 1, "timeout-seconds", "must be at least 1, got %s", timeoutSeconds);
    Check.that(retries >= 0 && retries <= 20, "retries", "must lie in 0 .. 20, got %s", retries);
  }

  /**
   * A client of it.
   *
   * @throws ConfigException where the environment has no key of that name
   */
  public ChatClient open() {
    return open(System::getenv, Thread::sleep);
  }

  /** The same with another environment and another way to wait. */
  public ChatClient open(UnaryOperator<String> environment, ChatClient.Pause pause) {
    return new ChatClient(this, apiKey(environment), pause);
  }

  URI address(String path) {
    return address(url, path).orElseThrow();
  }

  private static Optional<URI> address(String url, String path) {
    try {
      return Optional.of(new URI(url.replaceFirst("/+$", "") + "/" + path))
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
}
