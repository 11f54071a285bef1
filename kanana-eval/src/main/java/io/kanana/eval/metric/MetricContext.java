package io.kanana.eval.metric;

/**
 * What a metric may do.
 *
 * @param runCode whether programs that a model wrote may be run
 */
public record MetricContext(boolean runCode) {}
