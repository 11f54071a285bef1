package io.kanana.data.filter;

/**
 * A corpus filter for which it matters where in the corpus the keys of a document stood before it,
 * and nothing else.
 */
public non-sealed interface RepetitionFilter extends KeyedFilter {
  /** The first occurrence of a key. */
  long FIRST = -1;

  /**
   * What there is to know of a document.
   *
   * @param before for each of its keys, in their order: the place of the document in which the key
   *     stood first, which may be this one itself; {@link #FIRST} where this is that occurrence
   */
  byte[] finding(long[] before);
}
