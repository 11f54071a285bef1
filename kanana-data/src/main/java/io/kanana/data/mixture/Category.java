package io.kanana.data.mixture;

/** The kinds of text that the Kanana report divides its pre-training data into (section 2.2). */
public enum Category {
  /** Web pages in English. */
  ENGLISH_WEB,
  /** Programs. */
  CODE,
  /** Web pages in Korean. */
  KOREAN_WEB,
  /** Papers and other learned text. */
  ACADEMIC,
  /** Wikipedia and its like. */
  ENCYCLOPEDIA,
  /** Questions and tasks with answers. */
  INSTRUCTION
}
