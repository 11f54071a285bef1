package io.kanana.data.miniature;

/** The kinds of page of the miniature web; a web has them in proportion to their weights. */
public enum PageKind {
  /** What is known of one thing, as an encyclopedia has it. */
  ENCYCLOPEDIA(5),
  /** Questions about the world, each with its answer. */
  QUESTIONS(4),
  /** Two characters talking about the world. */
  DIALOGUE(3),
  /** Worked sums. */
  ARITHMETIC(3),
  /** Stories of the characters. */
  STORY(5),
  /** The way from one town to another. */
  GUIDE(1),
  /** Letters between characters. */
  LETTER(1),
  /** Sentences in both languages. */
  PARALLEL(1);

  private final int weight;

  PageKind(int weight) {
    this.weight = weight;
  }

  int weight() {
    return weight;
  }
}
