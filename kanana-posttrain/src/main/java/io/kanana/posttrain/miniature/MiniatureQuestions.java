package io.kanana.posttrain.miniature;

import io.kanana.core.config.Check;
import io.kanana.core.random.RandomKey;
import io.kanana.data.batch.KeyedPermutation;
import io.kanana.data.miniature.Question;
import io.kanana.data.miniature.Quiz;
import io.kanana.data.miniature.World;
import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.Exchange;
import io.kanana.posttrain.preference.PreferencePair;
import java.util.List;
import java.util.OptionalLong;

/**
 * A stretch of the questions about the world that are there to learn from, in both languages and an
 * order that a seed chooses: stretches of one seed that do not overlap have none in common.
 * Immutable.
 */
final class MiniatureQuestions {
  static final String SOURCE = "miniature-questions";

  private static final String DOMAIN = "instruction-following";

  /** Like what follows from it, the same for every seed, and made when somebody asks. */
  private static final World WORLD = World.load();

  private static final List<Quiz.Item> ALL = Quiz.toLearn(WORLD);

  private static final WrongAnswers WRONG = new WrongAnswers(WORLD, ALL);

  private final KeyedPermutation order;
  private final long first;
  private final long count;

  private MiniatureQuestions(KeyedPermutation order, long first, long count) {
    this.order = order;
    this.first = first;
    this.count = count;
  }

  /** The rules of settings that name a stretch. */
  static void check(long first, OptionalLong questions) {
    long all = ALL.size();
    Check.that(first >= 0 && first < all, "first", "must lie in 0 .. %s, got %s", all - 1, first);
    long most = all - Math.clamp(first, 0, all - 1);
    long asked = questions.orElse(1);
    Check.that(
        asked >= 1 && asked <= most,
        List.of("questions", "first"),
        "must lie in 1 .. %s, since there are %s in all, got %s",
        most,
        all,
        asked);
  }

  /**
   * @param questions where it is absent, all from the first on
   */
  static MiniatureQuestions of(long first, OptionalLong questions, long seed) {
    KeyedPermutation order =
        new KeyedPermutation(RandomKey.of(seed).child("miniature questions"), ALL.size());
    return new MiniatureQuestions(order, first, questions.orElse(ALL.size() - first));
  }

  /** How many there are. */
  long count() {
    return count;
  }

  /** The question at an index from 0, answered as pages of questions answer it. */
  Conversation right(long index) {
    Question question = ALL.get(item(index)).question();
    return exchange(question, question.completion());
  }

  /** The same against an answer with a fault. */
  PreferencePair pair(long index, Fault fault) {
    Question question = ALL.get(item(index)).question();
    Conversation wrong = exchange(question, WRONG.of(item(index), fault));
    return new PreferencePair(right(index), wrong, 0);
  }

  private int item(long index) {
    return Math.toIntExact(order.at(first + index));
  }

  private static Conversation exchange(Question question, String completion) {
    return Exchange.of(SOURCE, DOMAIN, question.text(), completion.strip());
  }
}
