package io.kanana.eval.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a long text into windows in which every token is scored once: the first window begins with
 * the token that begins documents, each later one with the tokens before it, as many as its context
 * has room for.
 *
 * @param maxLength the most tokens that are read at once
 * @param context tokens that are read and not scored in a full window, from 1 to {@code maxLength}
 */
record RollingWindows(int prefix, int maxLength, int context) {
  /**
   * What is read and what is scored: the last scored token follows the last one read, and the
   * inputs of scored tokens but the first are among the scored ones.
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Window(int[] context, int[] scored) {}

  List<Window> of(int[] tokens) {
    List<Window> windows = new ArrayList<>();
    int done = Math.min(maxLength, tokens.length);
    if (done > 0) {
      windows.add(new Window(new int[] {prefix}, Arrays.copyOf(tokens, done)));
    }
    while (done < tokens.length) {
      int count = Math.min(tokens.length - done, maxLength - context + 1);
      int end = done + count;
      int begin = end - maxLength - 1;
      windows.add(
          new Window(
              Arrays.copyOfRange(tokens, begin, done), Arrays.copyOfRange(tokens, done, end)));
      done = end;
    }
    return windows;
  }
}
