package io.kanana.eval.model;

import io.kanana.core.error.ConfigException;
import io.kanana.eval.request.Request;
import java.util.Arrays;
import java.util.Locale;

/**
 * Tokens to be read and those of which the probability is wanted: {@code targets[i]} follows {@code
 * input[from + i]}, the last one follows all input.
 *
 * @param context how many tokens were there before the first target; what is cut from the left is
 *     not in the input
 * @param input at least one token
 * @param targets at least one, at most as many as the input
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record Sequence(int context, int[] input, int[] targets) {
  /**
   * A continuation after its context, cut from the left where it does not fit.
   *
   * @param context at least one token
   * @param continuation at least one, at most {@code maxLength}
   */
  static Sequence of(int[] context, int[] continuation, int maxLength) {
    int length = context.length + continuation.length - 1;
    int[] input = Arrays.copyOf(context, length);
    System.arraycopy(continuation, 0, input, context.length, continuation.length - 1);
    int cut = Math.max(0, length - maxLength);
    return new Sequence(context.length, Arrays.copyOfRange(input, cut, length), continuation);
  }

  /**
   * The continuation of a request.
   *
   * @throws ConfigException where it alone does not fit
   */
  static Sequence of(Request.LogLikelihood request, PromptEncoder.Pair tokens, int maxLength) {
    if (tokens.continuation().length > maxLength) {
      String text = request.continuation();
      throw new ConfigException(
          "model.max-length",
          String.format(
              Locale.ROOT,
              "leaves room for %d tokens, but the continuation \"%s\" has %d; raise it",
              maxLength,
              text.length() > 40 ? text.substring(0, 40) + "..." : text,
              tokens.continuation().length));
    }
    return of(tokens.context(), tokens.continuation(), maxLength);
  }

  /** The position that the first target follows. */
  int from() {
    return input.length - targets.length;
  }
}
