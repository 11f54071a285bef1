package io.kanana.eval.judge;

import java.util.OptionalDouble;

/**
 * What a judge said about a turn.
 *
 * @param question its id
 * @param turn from 1
 * @param rating as the judge gave it; empty where it gave none that can be read
 * @param inAnotherLanguage whether the answer is not in the language that the rubric asks for
 * @param reply all that the judge said
 */
public record Judgement(
    String question,
    String category,
    int turn,
    OptionalDouble rating,
    boolean inAnotherLanguage,
    String reply) {
  /** The rating, or its square root where the answer is in another language than it should be. */
  public OptionalDouble score() {
    return inAnotherLanguage && rating.isPresent()
        ? OptionalDouble.of(Math.sqrt(rating.getAsDouble()))
        : rating;
  }
}
