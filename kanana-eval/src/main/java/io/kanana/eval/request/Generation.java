package io.kanana.eval.request;

import io.kanana.core.config.Check;
import java.util.List;

/**
 * How a text is to be generated.
 *
 * @param until texts that end it and are not part of it
 * @param maxTokens the most tokens
 * @param temperature 0 for the most probable token each time
 * @param topP the share of probability that is drawn from
 */
public record Generation(List<String> until, int maxTokens, double temperature, double topP) {
  public Generation {
    until = List.copyOf(until);
    Check.that(
        until.stream().noneMatch(String::isEmpty),
        "until",
        "must hold no empty text, got %s",
        until);
    Check.that(maxTokens > 0, "max-tokens", "must be at least 1, got %s", maxTokens);
    Check.that(
        temperature >= 0 && Double.isFinite(temperature),
        "temperature",
        "must be >= 0, got %s",
        temperature);
    Check.that(topP > 0 && topP <= 1, "top-p", "must be in (0, 1], got %s", topP);
  }

  /** The most probable tokens. */
  public static Generation greedy(int maxTokens, List<String> until) {
    return new Generation(until, maxTokens, 0, 1);
  }

  /** The text up to the first of its ends. */
  public String cut(String text) {
    String rest = text;
    for (String end : until) {
      int at = rest.indexOf(end);
      rest = at < 0 ? rest : rest.substring(0, at);
    }
    return rest;
  }
}
