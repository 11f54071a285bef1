package io.kanana.posttrain.online;

/** A number that can be computed from an answer: a pure function. */
@FunctionalInterface
public interface RewardRule {
  /** A part of a configuration, chosen by its {@code type}. */
  interface Config {
    RewardRule create();
  }

  double of(Answer answer);
}
