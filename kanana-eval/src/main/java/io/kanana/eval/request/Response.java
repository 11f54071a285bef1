package io.kanana.eval.request;

/** What a model answered. */
public sealed interface Response {
  /**
   * The answer to {@link Request.LogLikelihood}.
   *
   * @param sum of the log-probabilities of the continuation's tokens, in nats
   * @param greedy whether each of these was the most probable one
   * @param contextTokens of the context, before it was cut to fit
   */
  record LogLikelihood(double sum, boolean greedy, int contextTokens, int continuationTokens)
      implements Response {}

  /**
   * The answer to {@link Request.RollingLogLikelihood}.
   *
   * @param sum of the log-probabilities of all tokens, in nats
   * @param windows that they were read in
   */
  record RollingLogLikelihood(double sum, int tokens, int windows) implements Response {}

  /**
   * The answer to {@link Request.GenerateUntil}.
   *
   * @param text without what ended it
   * @param contextTokens of the context, before it was cut to fit; 0 where the endpoint is silent
   * @param tokens generated
   */
  record Generated(String text, int contextTokens, int tokens) implements Response {}
}
