package io.kanana.data.miniature;

import java.util.List;

/**
 * A question about the world with its answer.
 *
 * @param choices the answers of the same kind of question about other things, and this one's:
 *     distinct, in an order that does not depend on the answer
 */
public record Question(
    Fact fact, Language language, String text, String answer, List<String> choices) {
  public Question {
    choices = List.copyOf(choices);
  }

  /** The text before the answer as pages of questions have it; the answer follows after a space. */
  public String prompt() {
    return language == Language.KOREAN ? "질문: " + text + "\n답:" : "Question: " + text + "\nAnswer:";
  }

  /** What pages have after the prompt. */
  public String completion() {
    return completion(answer);
  }

  /** What they would have if the answer were another one. */
  public String completion(String other) {
    return language == Language.KOREAN ? " " + other + "입니다." : " " + other + ".";
  }
}
