package io.kanana.posttrain.arithmetic;

import java.util.ArrayList;
import java.util.List;

/**
 * How a sum is worked out, step by step, place by place of its numbers. Each step goes on from what
 * the ones before it said, so that one that slips makes the result wrong.
 */
final class Working {
  private final Slip slip;
  private final List<Step> steps = new ArrayList<>();
  private final long result;

  /**
   * @param value what it says that the result is
   */
  record Step(String text, long value) {}

  private Working(Sum sum, Slip slip) {
    this.slip = slip;
    this.result =
        switch (sum.operation()) {
          case ADD -> add(sum.left(), sum.right());
          case SUBTRACT -> subtract(sum.left(), sum.right());
          case MULTIPLY -> multiply(sum.left(), sum.right());
          case DIVIDE -> divide(sum);
        };
  }

  /** A sum worked out with a mistake, or {@link Slip#NONE}. */
  static Working of(Sum sum, Slip slip) {
    return new Working(sum, slip);
  }

  /** At least one. */
  List<Step> steps() {
    return steps;
  }

  /** What comes out. */
  long result() {
    return result;
  }

  /** The steps in a line, and the result behind {@code ####} in another. */
  String text() {
    return String.join(", ", steps.stream().map(Step::text).toList()) + "\n#### " + result;
  }

  private long slipped(long value) {
    return steps.size() == slip.step() ? value + slip.by() : value;
  }

  private long step(String expression, long value) {
    long said = slipped(value);
    steps.add(new Step(expression + " = " + said, said));
    return said;
  }

  /** Place by place from the ones, and then their sum. */
  private long add(long left, long right) {
    List<Long> parts = new ArrayList<>();
    for (long place = 1; place <= Math.max(left, right); place *= 10) {
      long a = left / place % 10 * place;
      long b = right / place % 10 * place;
      if (a + b > 0) {
        parts.add(step(a + " + " + b, a + b));
      }
    }
    return total(parts);
  }

  private long total(List<Long> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    String expression = String.join(" + ", parts.stream().map(String::valueOf).toList());
    return step(expression, parts.stream().mapToLong(part -> part).sum());
  }

  /** Place by place from the highest. */
  private long subtract(long left, long right) {
    long rest = left;
    for (long part : parts(right)) {
      rest = step(rest + " - " + part, rest - part);
    }
    return rest;
  }

  /** Times each place of the second, and then their sum. */
  private long multiply(long left, long right) {
    List<Long> products = new ArrayList<>();
    for (long part : parts(right)) {
      products.add(step(left + " × " + part, left * part));
    }
    return total(products);
  }

  /** The product that it undoes. */
  private long divide(Sum sum) {
    long said = slipped(sum.result());
    steps.add(new Step(sum.right() + " × " + said + " = " + sum.left(), said));
    return said;
  }

  /** A number as the sum of its places that are not 0, the highest first. */
  private static List<Long> parts(long number) {
    List<Long> parts = new ArrayList<>();
    for (long place = 1; place <= number; place *= 10) {
      long part = number / place % 10 * place;
      if (part > 0) {
        parts.addFirst(part);
      }
    }
    return parts;
  }
}
