package io.kanana.posttrain.miniature;

/** What is wrong with the rejected answer of a {@link MiniaturePairs pair}. */
public enum Fault {
  /** It is the answer to another question of its kind: another town's river. */
  FACT,
  /** It is the answer to a question of another kind: a price where a river was asked for. */
  KIND,
  /** It is right, in the other language. */
  LANGUAGE,
  /** It is the first half of the right one. */
  UNFINISHED
}
