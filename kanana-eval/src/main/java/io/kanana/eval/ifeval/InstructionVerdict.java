package io.kanana.eval.ifeval;

import java.util.List;

/**
 * Which instructions of a prompt a response follows, in the order of the prompt.
 *
 * @param strict as it is
 * @param loose with some formatting forgiven; true wherever {@code strict} is
 */
public record InstructionVerdict(List<Boolean> strict, List<Boolean> loose) {
  public InstructionVerdict {
    strict = List.copyOf(strict);
    loose = List.copyOf(loose);
  }

  /** Whether all instructions are followed. */
  public boolean followsAllStrictly() {
    return !strict.contains(false);
  }

  public boolean followsAllLoosely() {
    return !loose.contains(false);
  }
}
