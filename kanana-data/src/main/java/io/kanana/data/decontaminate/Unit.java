package io.kanana.data.decontaminate;

/** What n-grams are made of. */
public enum Unit {
  /** Words: runs of letters and digits. */
  WORD,
  /**
   * Single letters and digits, so that neither spaces nor the endings of Korean words hide a copy.
   */
  CHARACTER
}
