package io.kanana.data.filter.quality;

import io.kanana.core.config.Check;
import java.util.List;

/** The rules that the limits of a filter's configuration keep. */
final class Limits {
  private Limits() {}

  static void notNegative(double value, String name) {
    Check.that(value >= 0, name, "must be >= 0 (0 switches it off), got %s", value);
  }

  static void share(double value, String name) {
    Check.that(
        value >= 0 && value <= 1, name, "must lie in 0 .. 1 (0 switches it off), got %s", value);
  }

  static void shares(List<Double> values, String name) {
    Check.that(
        values.stream().allMatch(value -> value >= 0 && value <= 1),
        name,
        "must lie in 0 .. 1 (0 switches one off), got %s",
        values);
  }
}
