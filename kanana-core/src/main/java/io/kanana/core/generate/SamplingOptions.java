package io.kanana.core.generate;

import io.kanana.core.config.Check;

/**
 * How the next token is drawn from its logits. Applied in this order, which is transformers':
 * repetition penalty, temperature, top-k, top-p, min-p; each works on what the one before left.
 *
 * @param temperature logits are divided by it; 0 always takes the largest
 * @param topK keeps this many most probable tokens and those as probable as the last; 0 keeps all
 * @param topP keeps the smallest set of most probable tokens that has this probability; 1 keeps all
 * @param minP keeps tokens with at least this share of the largest probability; 0 keeps all
 * @param repetitionPenalty divides the positive logits and multiplies the negative ones of tokens
 *     that came before (Keskar et al., arXiv 1909.05858); 1 changes nothing
 */
public record SamplingOptions(
    double temperature, int topK, double topP, double minP, double repetitionPenalty) {
  /** What is done where nobody asks for anything else. */
  public static final SamplingOptions DEFAULT = new SamplingOptions(0.8, 0, 0.95, 0, 1);

  /** Always the most probable token. */
  public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 0, 1);

  public SamplingOptions {
    Check.that(
        temperature >= 0 && Double.isFinite(temperature),
        "temperature",
        "must be >= 0 (0 takes the most probable token), got %s",
        temperature);
    Check.that(topK >= 0, "top-k", "must be >= 0 (0 keeps all), got %s", topK);
    Check.that(topP > 0 && topP <= 1, "top-p", "must be in (0, 1], got %s", topP);
    Check.that(minP >= 0 && minP <= 1, "min-p", "must be in [0, 1], got %s", minP);
    Check.that(
        repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
        "repetition-penalty",
        "must be > 0 (1 changes nothing), got %s",
        repetitionPenalty);
  }

  public boolean greedy() {
    return temperature == 0;
  }
}
