package io.kanana.posttrain.arithmetic;

import io.kanana.posttrain.preference.MadePairs;
import io.kanana.posttrain.preference.PreferenceSource;
import java.util.List;

/**
 * Sums as pairs ({@code type: arithmetic}): the right answer against one that looks alike, in which
 * one step is off by one in some place and the rest follows from that. The questions are those of
 * {@link ArithmeticConversations} with the same settings. No margin.
 *
 * @param operations that take turns
 * @param digits the most digits of the numbers that a sum is made from, 1 to 6
 * @param questions how many
 * @param first the index of the first one
 * @param koreanShare the share of questions in Korean, 0 to 1
 * @param seed chooses which sums come in which order
 */
public record ArithmeticPairs(
    List<Operation> operations,
    int digits,
    long questions,
    long first,
    double koreanShare,
    long seed)
    implements PreferenceSource.Config {
  public ArithmeticPairs {
    operations = List.copyOf(operations);
    ArithmeticQuestions.check(operations, digits, first, questions, koreanShare);
  }

  @Override
  public PreferenceSource create() {
    ArithmeticQuestions all = new ArithmeticQuestions(operations, digits, koreanShare, seed);
    return new MadePairs(ArithmeticQuestions.SOURCE, questions, i -> all.at(first + i).pair());
  }
}
