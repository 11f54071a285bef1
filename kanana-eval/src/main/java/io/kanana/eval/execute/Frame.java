package io.kanana.eval.execute;

/**
 * What a program in a sandbox says.
 *
 * @param kind {@code L} loaded, {@code Q} a question of the tests, {@code R} the reply to one,
 *     {@code P} passed, {@code F} failed; the constants are ours
 */
record Frame(char kind, String text) {
  static final char TOO_LARGE = '!';
  static final char NOTHING = '.';
}
