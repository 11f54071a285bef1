package io.kanana.eval.ifeval;

import java.util.List;

/**
 * The four accuracies of IFEval, each from 0 to 1: of prompts all of whose instructions are
 * followed, and of instructions.
 */
public record IfEvalScores(
    double promptStrict, double instructionStrict, double promptLoose, double instructionLoose) {
  /** The accuracies over some prompts; not a number where there are none. */
  public static IfEvalScores of(List<InstructionVerdict> verdicts) {
    return new IfEvalScores(
        mean(verdicts.stream().map(InstructionVerdict::followsAllStrictly).toList()),
        mean(verdicts.stream().flatMap(verdict -> verdict.strict().stream()).toList()),
        mean(verdicts.stream().map(InstructionVerdict::followsAllLoosely).toList()),
        mean(verdicts.stream().flatMap(verdict -> verdict.loose().stream()).toList()));
  }

  private static double mean(List<Boolean> verdicts) {
    return verdicts.stream().mapToInt(followed -> followed ? 1 : 0).average().orElse(Double.NaN);
  }

  /** What the Kanana report calls IFEval: the mean of both strict accuracies (section 3.1). */
  public double meanStrict() {
    return (promptStrict + instructionStrict) / 2;
  }
}
