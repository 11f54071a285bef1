package io.kanana.data.filter.stats;

/**
 * Documents of one kind at a step.
 *
 * @param in those that came to it
 * @param out those that went on
 */
public record Flow(long in, long out) {
  /** Both together. */
  public Flow plus(Flow other) {
    return new Flow(in + other.in, out + other.out);
  }
}
