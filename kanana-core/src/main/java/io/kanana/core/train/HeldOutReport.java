package io.kanana.core.train;

/**
 * How well a model predicts text it was not trained on.
 *
 * @param step steps done when it was measured
 * @param loss mean cross entropy per target, in nats
 * @param bitsPerByte cross entropy of all targets in bits, divided by the bytes of UTF-8 text they
 *     stand for
 * @param targets how many tokens were predicted
 * @param textBytes the bytes of text they stand for
 */
public record HeldOutReport(
    long step, double loss, double bitsPerByte, long targets, long textBytes) {}
