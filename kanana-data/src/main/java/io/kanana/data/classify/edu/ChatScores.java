package io.kanana.data.classify.edu;

import io.kanana.core.chat.ChatEndpoint;
import io.kanana.core.config.Check;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

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

  public ChatScores {
    new ChatEndpoint( // which has rules of its own
        url, model, apiKeyVariable, maxTokens, concurrency, timeoutSeconds, retries);
    Check.that(
        prompt.orElse(PLACE).contains(PLACE),
        "prompt",
        "must say by {text} where documents belong");
    Check.that(maxCharacters >= 1, "max-characters", "must be at least 1, got %s", maxCharacters);
    Check.that(maxScore > 0, "max-score", "must be > 0, got %s", maxScore);
  }

  @Override
  public DocumentScorer create() {
    return new ChatScorer(this, endpoint().open());
  }

  ChatEndpoint endpoint() {
    return new ChatEndpoint(
        url, model, apiKeyVariable, maxTokens, concurrency, timeoutSeconds, retries);
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
