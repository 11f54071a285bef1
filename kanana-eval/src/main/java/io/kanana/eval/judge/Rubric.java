package io.kanana.eval.judge;

import java.util.Optional;
import java.util.Set;

/** How a benchmark has its answers judged. The prompts are in our words, and so are not its own. */
public enum Rubric {
  /** MT-Bench: 80 questions of two turns, rated from 1 to 10 (Zheng et al. 2023). */
  MT_BENCH("mt-bench.txt", 1, Optional.empty(), Set.of()),
  /** LogicKor: 42 questions in Korean of two turns and six categories, rated from 0 to 10. */
  LOGICKOR("logickor.txt", 0, Optional.empty(), Set.of()),
  /**
   * KoMT-Bench: MT-Bench in Korean, where an answer in another language is worth the square root of
   * its rating, but for two questions that ask for JSON.
   */
  KOMT_BENCH("logickor.txt", 1, Optional.of("ko"), Set.of("138", "140"));

  static final int HIGHEST = 10;

  private final String prompt;
  private final int lowest;
  private final Optional<String> language;

  @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
  private final Set<String> anyLanguage;

  Rubric(String prompt, int lowest, Optional<String> language, Set<String> anyLanguage) {
    this.prompt = prompt;
    this.lowest = lowest;
    this.language = language;
    this.anyLanguage = anyLanguage;
  }

  String prompt() {
    return prompt;
  }

  int lowest() {
    return lowest;
  }

  /** The language that answers to a question must have. */
  Optional<String> language(String question) {
    return language.filter(_ -> !anyLanguage.contains(question));
  }
}
