package io.kanana.core.config;

import java.util.OptionalDouble;

/**
 * A number of a configuration that may also be {@code auto}: then the job finds it, by a law that
 * the key's own description names.
 *
 * @param number empty for {@code auto}
 */
public record NumberOrAuto(OptionalDouble number) {
  /** To be found by the job. */
  public static final NumberOrAuto AUTO = new NumberOrAuto(OptionalDouble.empty());

  static final String WORD = "auto";

  public static NumberOrAuto of(double number) {
    return new NumberOrAuto(OptionalDouble.of(number));
  }

  public boolean isAuto() {
    return number.isEmpty();
  }

  @Override
  public String toString() {
    return isAuto() ? WORD : Double.toString(number.getAsDouble());
  }
}
