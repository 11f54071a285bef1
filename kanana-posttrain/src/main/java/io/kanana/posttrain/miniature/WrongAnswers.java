package io.kanana.posttrain.miniature;

import io.kanana.core.random.RandomKey;
import io.kanana.data.batch.KeyedPermutation;
import io.kanana.data.miniature.Fact;
import io.kanana.data.miniature.Language;
import io.kanana.data.miniature.Question;
import io.kanana.data.miniature.Quiz;
import io.kanana.data.miniature.World;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers with a fault to every question of some items. Immutable. */
final class WrongAnswers {
  private static final RandomKey KEY = RandomKey.of(1).child("wrong answers");

  private final List<Quiz.Item> items;
  private final KeyedPermutation order;
  private final Map<Language, Map<Fact, Question>> questions = new EnumMap<>(Language.class);

  WrongAnswers(World world, List<Quiz.Item> items) {
    this.items = items;
    this.order = new KeyedPermutation(KEY, items.size());
    for (Language language : Language.values()) {
      Map<Fact, Question> byFact = new HashMap<>();
      world.questions(language).forEach(question -> byFact.put(question.fact(), question));
      questions.put(language, byFact);
    }
  }

  /** What stands behind the question of an item in place of the right answer. */
  String of(int item, Fault fault) {
    Question question = items.get(item).question();
    return switch (fault) {
      case FACT -> question.completion(items.get(item).wrong());
      case KIND -> ofAnotherKind(item).completion();
      case LANGUAGE -> inTheOtherLanguage(question).completion();
      case UNFINISHED -> firstHalf(question.completion().strip());
    };
  }

  private Question ofAnotherKind(int item) {
    Question asked = items.get(item).question();
    for (int step = 1; step < items.size(); step++) {
      int other = Math.toIntExact(order.at((item + step) % items.size()));
      Question question = items.get(other).question();
      if (isOfAnotherKind(question, asked)) {
        return question;
      }
    }
    throw new IllegalStateException("all questions are of one kind");
  }

  /** Kinds share answers, such as goods that a town is known for and somebody likes. */
  private static boolean isOfAnotherKind(Question question, Question asked) {
    return question.language() == asked.language()
        && !question.fact().relation().equals(asked.fact().relation())
        && !question.answer().equals(asked.answer());
  }

  private Question inTheOtherLanguage(Question question) {
    Language other = question.language() == Language.KOREAN ? Language.ENGLISH : Language.KOREAN;
    return questions.get(other).get(question.fact());
  }

  private static String firstHalf(String answer) {
    return answer.substring(0, answer.length() / 2);
  }
}
