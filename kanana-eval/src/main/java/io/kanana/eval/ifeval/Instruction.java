package io.kanana.eval.ifeval;

/** Something about a response that a program can check. */
@FunctionalInterface
interface Instruction {
  /** Whether a response that is not blank follows it. */
  boolean isFollowedBy(String response);
}
