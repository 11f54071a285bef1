package io.kanana.posttrain.arithmetic;

import io.kanana.core.config.Check;
import io.kanana.core.random.RandomKey;
import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.Exchange;
import io.kanana.posttrain.preference.PreferencePair;
import java.util.HashSet;
import java.util.List;

/**
 * A stretch of an endless supply of sums, which takes no memory: question {@code i} is a pure
 * function of seed, operations, digits, Korean share and {@code i}. All questions of a seed are
 * different sums, so that stretches that do not overlap have no sum in common; {@code 3 + 5} and
 * {@code 5 + 3} are one. Operations take turns. Immutable.
 */
final class ArithmeticQuestions {
  static final String SOURCE = "arithmetic";

  private static final String DOMAIN = "math";

  /** The longest numbers whose products fit into a long with room for a slip. */
  private static final int MOST_DIGITS = 6;

  /**
   * A question with its right answer and a wrong one that looks alike.
   *
   * @param wrong one step of it slips by one in some place, and the rest follows from that
   */
  record Solved(Sum sum, String question, String right, String wrong) {
    Conversation rightExchange() {
      return Exchange.of(SOURCE, DOMAIN, question, right);
    }

    PreferencePair pair() {
      return new PreferencePair(rightExchange(), Exchange.of(SOURCE, DOMAIN, question, wrong), 0);
    }
  }

  private final List<SumSpace> spaces;
  private final List<Operation> operations;
  private final RandomKey key;
  private final double koreanShare;

  ArithmeticQuestions(List<Operation> operations, int digits, double koreanShare, long seed) {
    this.operations = operations;
    this.koreanShare = koreanShare;
    this.key = RandomKey.of(seed).child("arithmetic");
    this.spaces = operations.stream().map(each -> new SumSpace(each, digits, key)).toList();
  }

  /** The rules of settings that name a stretch. */
  static void check(
      List<Operation> operations, int digits, long first, long questions, double koreanShare) {
    Check.that(!operations.isEmpty(), "operations", "must name at least one operation");
    Check.that(
        new HashSet<>(operations).size() == operations.size(),
        "operations",
        "must be different from one another, got %s",
        operations);
    boolean possible = digits >= 1 && digits <= MOST_DIGITS;
    Check.that(possible, "digits", "must lie in 1 .. %s, got %s", MOST_DIGITS, digits);
    Check.that(first >= 0, "first", "must be at least 0, got %s", first);
    Check.that(questions >= 1, "questions", "must be at least 1, got %s", questions);
    Check.that(
        koreanShare >= 0 && koreanShare <= 1,
        "korean-share",
        "must lie in 0 .. 1, got %s",
        koreanShare);
    if (possible && !operations.isEmpty()) {
      long most = most(operations, digits);
      Check.that(
          questions <= most && first <= most - questions,
          List.of("questions", "first", "digits", "operations"),
          "must with first be at most %s, since there are no more sums of so many digits of each"
              + " operation, got %s + %s",
          most,
          first,
          questions);
    }
  }

  private static long most(List<Operation> operations, int digits) {
    long fewest =
        operations.stream().mapToLong(each -> SumSpace.size(each, digits)).min().orElseThrow();
    return fewest * operations.size();
  }

  /** Question {@code index}, from 0. */
  Solved at(long index) {
    int turn = (int) (index % operations.size());
    Sum sum = spaces.get(turn).at(index / operations.size());
    RandomKey own = key.child(index);
    boolean korean = own.uniform(0) < koreanShare;
    List<String> wordings = Wordings.of(sum.operation(), korean);
    String question = Wordings.ask(wordings.get(own.below(1, wordings.size())), sum);
    Working right = Working.of(sum, Slip.NONE);
    return new Solved(sum, question, right.text(), wrong(sum, right, own).text());
  }

  /** Off by one in some place of one step; never so that the result falls below zero. */
  private static Working wrong(Sum sum, Working right, RandomKey own) {
    int step = own.below(2, right.steps().size());
    int places = String.valueOf(Math.abs(right.steps().get(step).value())).length();
    long by = Math.powExact(10L, own.below(3, places));
    Slip slip = new Slip(step, own.below(4, 2) == 0 ? by : -by);
    Working slipped = Working.of(sum, slip);
    return slipped.result() >= 0 ? slipped : Working.of(sum, slip.reversed());
  }
}
