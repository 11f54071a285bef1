package io.kanana.eval.run;

import java.util.OptionalDouble;

/**
 * A measured value.
 *
 * @param error its standard error, where there is one
 */
public record Figure(double value, OptionalDouble error, boolean higherIsBetter) {}
