package io.kanana.eval.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tokens of a prompt that an endpoint sent back with their log-probabilities. The first token
 * has none: nothing is before it.
 *
 * @param sums log-probabilities, 0 for the first token
 * @param best whether each is the most probable one
 * @param offsets where each begins in the text, in code points; empty where the endpoint is silent
 */
record EchoedTokens(List<Double> sums, List<Boolean> best, List<Integer> offsets) {
  /** Of an answer; empty where it is not of the form that it should have. */
  static Optional<EchoedTokens> of(JsonNode answer) {
    JsonNode found = answer.at("/choices/0/logprobs");
    JsonNode probabilities = found.path("token_logprobs");
    if (!probabilities.isArray()) {
      return Optional.empty();
    }
    List<Double> sums = new ArrayList<>();
    List<Boolean> best = new ArrayList<>();
    for (int i = 0; i < probabilities.size(); i++) {
      JsonNode probability = probabilities.get(i);
      if (!probability.isNumber() && i > 0) {
        return Optional.empty();
      }
      sums.add(probability.asDouble(0));
      best.add(isBest(probability.asDouble(0), found.path("top_logprobs").path(i)));
    }
    List<Integer> offsets = new ArrayList<>();
    found.path("text_offset").forEach(offset -> offsets.add(offset.asInt()));
    return Optional.of(new EchoedTokens(sums, best, offsets));
  }

  /** What an endpoint is silent about is not the most probable one. */
  private static boolean isBest(double probability, JsonNode others) {
    for (JsonNode other : others) {
      if (other.asDouble() > probability) {
        return false;
      }
    }
    return !others.isEmpty();
  }

  int size() {
    return sums.size();
  }

  boolean hasOffsets() {
    return !sums.isEmpty() && offsets.size() == sums.size();
  }

  /** Whether these are the tokens of the whole text that was sent, and not of an answer alone. */
  boolean cover(int codePoints) {
    return hasOffsets()
        && offsets.getFirst() == 0
        && offsets.stream().sorted().toList().equals(offsets)
        && firstBeginningAt(codePoints) > 1
        && firstBeginningAt(codePoints) >= size() - 1;
  }

  double sum(int from, int to) {
    return sums.subList(from, to).stream().mapToDouble(Double::doubleValue).sum();
  }

  boolean greedy(int from, int to) {
    return best.subList(from, to).stream().allMatch(Boolean::booleanValue);
  }

  /** The first token that ends after so many code points; the first of a text never counts. */
  int firstEndingAfter(int place) {
    for (int i = 1; i < size(); i++) {
      boolean last = i + 1 == size();
      if (last || offsets.get(i + 1) > place) {
        return i;
      }
    }
    return size();
  }

  /** The first token that begins at or after so many code points: what was generated. */
  int firstBeginningAt(int place) {
    int i = 0;
    while (i < size() && offsets.get(i) < place) {
      i++;
    }
    return i;
  }
}
