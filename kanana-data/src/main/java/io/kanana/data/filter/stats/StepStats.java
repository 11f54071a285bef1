package io.kanana.data.filter.stats;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one step did to some documents. Merging is associative and commutative, and exact.
 *
 * @param step its name
 * @param in what came to it
 * @param out what went on
 * @param changed documents that went on otherwise than they came
 * @param reasons dropped documents by reason
 * @param domains documents by the host of their address
 * @param languages documents by the language they were said to be in when they came
 * @param nanoseconds spent in it, over all threads
 */
public record StepStats(
    String step,
    Volume in,
    Volume out,
    long changed,
    SortedMap<String, Long> reasons,
    SortedMap<String, Flow> domains,
    SortedMap<String, Flow> languages,
    long nanoseconds) {
  /** What stands for the domains, languages or labels that are not listed. */
  public static final String OTHERS = "(others)";

  public StepStats {
    reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
    domains = Collections.unmodifiableSortedMap(new TreeMap<>(domains));
    languages = Collections.unmodifiableSortedMap(new TreeMap<>(languages));
  }

  /** A step that saw nothing. */
  public static StepStats none(String step) {
    return new StepStats(
        step, Volume.NONE, Volume.NONE, 0, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), 0);
  }

  /** Documents that went no further. */
  public long dropped() {
    return in.documents() - out.documents();
  }

  /** Seconds spent in it, over all threads. */
  public double seconds() {
    return nanoseconds / 1e9;
  }

  /**
   * What the step did to both.
   *
   * @throws IllegalArgumentException if they are of different steps
   */
  public StepStats merge(StepStats other) {
    if (!step.equals(other.step)) {
      throw new IllegalArgumentException(step + " and " + other.step + " are different steps");
    }
    return new StepStats(
        step,
        in.plus(other.in),
        out.plus(other.out),
        changed + other.changed,
        Counts.sum(reasons, other.reasons, Long::sum),
        Counts.sum(domains, other.domains, Flow::plus),
        Counts.sum(languages, other.languages, Flow::plus),
        nanoseconds + other.nanoseconds);
  }

  /** The same with time that was spent elsewhere on behalf of the step. */
  public StepStats plusNanoseconds(long more) {
    return new StepStats(step, in, out, changed, reasons, domains, languages, nanoseconds + more);
  }

  /** The same with the domains and languages of most documents, the rest under {@link #OTHERS}. */
  public StepStats withLargest(int most) {
    if (domains.size() <= most && languages.size() <= most) {
      return this;
    }
    return new StepStats(
        step,
        in,
        out,
        changed,
        reasons,
        largest(domains, most),
        largest(languages, most),
        nanoseconds);
  }

  private static SortedMap<String, Flow> largest(SortedMap<String, Flow> flows, int most) {
    return Counts.only(Counts.largest(flows, most, Flow::in), flows, Flow::plus);
  }
}
