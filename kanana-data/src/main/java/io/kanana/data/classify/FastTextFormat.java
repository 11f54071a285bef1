package io.kanana.data.classify;

/** Numbers that reader and writer of fastText's files share. */
final class FastTextFormat {
  static final int MAGIC = 793_712_314;
  static final int VERSION = 12;

  /** The last version whose supervised models had no character n-grams, whatever they say. */
  static final int WITHOUT_SUBWORDS = 11;

  static final int SUPERVISED = 3;

  static final byte WORD = 0;
  static final byte LABEL = 1;

  private FastTextFormat() {}

  /** The settings at the head of a file that matter for predictions. */
  record Head(
      int dimensions, int wordNgrams, Loss loss, int buckets, int minSubword, int maxSubword) {}
}
