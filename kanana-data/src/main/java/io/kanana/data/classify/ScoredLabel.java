package io.kanana.data.classify;

/**
 * A label and how probable it is.
 *
 * @param label without fastText's {@code __label__}
 * @param score the probability as fastText returns it, {@code exp(log(p + 1e-5))}: it may exceed 1
 *     by 1e-5
 */
public record ScoredLabel(String label, double score) {}
