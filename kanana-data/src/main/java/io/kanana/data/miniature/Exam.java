package io.kanana.data.miniature;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A benchmark over the world whose items no page holds by itself: questions in a frame of more than
 * thirteen words. {@code configs/data/miniature-exam.jsonl} has it as a file.
 */
final class Exam {
  /** Every so many facts there is a question. */
  private static final int STEP = 4;

  private Exam() {}

  /**
   * @param id names the item in both languages
   */
  record Item(String id, Language language, String question, String answer) {
    /** As a page that gives it away has it, on one line. */
    String text() {
      return question + " " + answer;
    }
  }

  static List<Item> of(World world, Language language) {
    List<Item> items = new ArrayList<>();
    List<Question> questions = world.questions(language);
    for (int i = 0; i < questions.size(); i += STEP) {
      Question question = questions.get(i);
      String id = String.format(Locale.ROOT, "%s-%03d", language.code(), i);
      items.add(new Item(id, language, framed(language, i, question), question.answer()));
    }
    return items;
  }

  private static String framed(Language language, int number, Question question) {
    String subject = question.text();
    return language == Language.KOREAN
        ? "어린 측량사를 뽑는 시험 제"
            + number
            + "번 문제, 책을 덮고 답만 짧게 쓰시오: "
            + subject
            + " 지난해 제"
            + number
            + "번 답안지에는 빈칸이 가장 많았습니다."
        : "Question "
            + number
            + " of the surveyors' examination, to be answered briefly and without"
            + " any book: "
            + subject
            + " Last year most sheets left number "
            + number
            + " without a word.";
  }
}
