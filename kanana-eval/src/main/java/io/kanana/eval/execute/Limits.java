package io.kanana.eval.execute;

import io.kanana.core.config.Check;

/**
 * What a solution may use, and its tests, each for themselves.
 *
 * @param cpuSeconds processor time of all processes together
 * @param wallSeconds time by the clock; larger than {@code cpuSeconds}, so that a solution does not
 *     fail because others keep the machine busy
 * @param memoryMib of all processes together; a single one can reserve no more than twice that
 * @param processes at once, threads counted
 * @param scratchMib what the throwaway directory can hold; it lies in memory
 */
public record Limits(
    int cpuSeconds, int wallSeconds, int memoryMib, int processes, int scratchMib) {
  /** Ten seconds, as is usual for HumanEval and MBPP, with room for a busy machine. */
  public static final Limits USUAL = new Limits(10, 30, 2048, 32, 16);

  public Limits {
    Check.that(cpuSeconds >= 1, "cpu-seconds", "must be at least 1, got %s", cpuSeconds);
    Check.that(wallSeconds >= 1, "wall-seconds", "must be at least 1, got %s", wallSeconds);
    Check.that(
        memoryMib >= 64 && memoryMib <= 1 << 20,
        "memory-mib",
        "must lie in 64 .. 1048576, got %s",
        memoryMib);
    Check.that(
        processes >= 1 && processes <= 4096,
        "processes",
        "must lie in 1 .. 4096, got %s",
        processes);
    Check.that(
        scratchMib >= 1 && scratchMib <= 1 << 16,
        "scratch-mib",
        "must lie in 1 .. 65536, got %s",
        scratchMib);
  }

  /** Whether nothing of these is more than others allow. */
  public boolean within(Limits others) {
    return cpuSeconds <= others.cpuSeconds
        && wallSeconds <= others.wallSeconds
        && memoryMib <= others.memoryMib
        && processes <= others.processes
        && scratchMib <= others.scratchMib;
  }

  long memoryBytes() {
    return (long) memoryMib << 20;
  }

  long addressBytes() {
    return 2 * memoryBytes();
  }

  long scratchBytes() {
    return (long) scratchMib << 20;
  }
}
