package io.kanana.eval.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Puts things together whose tokens begin alike, so that the beginning is computed once. In the
 * order of their tokens, one after the other joins a run as long as the run thereby saves no fewer
 * tokens than without it.
 *
 * @param tokens of a thing
 * @param limit how many of them may be shared
 * @param least shared tokens that are worth it
 */
record CommonBeginnings<T>(Function<T, int[]> tokens, ToIntFunction<T> limit, int least) {
  /**
   * Some that begin alike.
   *
   * @param length how many tokens they share; 0 for those that share too few with any other
   */
  record Run<T>(List<T> members, int length) {}

  /** Runs of at least two, and one more of all the rest. */
  List<Run<T>> of(List<T> things) {
    List<T> sorted = new ArrayList<>(things);
    sorted.sort(Comparator.comparing(tokens, Arrays::compare));
    List<Run<T>> runs = new ArrayList<>();
    List<T> rest = new ArrayList<>();
    for (int begin = 0; begin < sorted.size(); ) {
      Run<T> run = runFrom(sorted, begin);
      if (run.length() >= least && run.members().size() > 1) {
        runs.add(run);
      } else {
        rest.addAll(run.members());
      }
      begin += run.members().size();
    }
    if (!rest.isEmpty()) {
      runs.add(new Run<>(rest, 0));
    }
    return runs;
  }

  private Run<T> runFrom(List<T> sorted, int begin) {
    T first = sorted.get(begin);
    int length = limit.applyAsInt(first);
    int end = begin + 1;
    while (end < sorted.size()) {
      int shared = Math.min(length, shared(first, sorted.get(end)));
      long savedNow = (long) length * (end - begin - 1);
      if (shared < least || (long) shared * (end - begin) < savedNow) {
        break;
      }
      length = shared;
      end++;
    }
    return new Run<>(sorted.subList(begin, end), length);
  }

  private int shared(T a, T b) {
    int most = Math.min(limit.applyAsInt(a), limit.applyAsInt(b));
    int mismatch = Arrays.mismatch(tokens.apply(a), 0, most, tokens.apply(b), 0, most);
    return mismatch < 0 ? most : mismatch;
  }
}
