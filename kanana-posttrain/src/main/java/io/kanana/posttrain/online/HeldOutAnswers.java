package io.kanana.posttrain.online;

import io.kanana.core.model.Llama;
import io.kanana.core.train.HeldOut;
import io.kanana.core.train.TrainingListener;
import io.kanana.posttrain.preference.AnswerLogs;
import io.kanana.posttrain.preference.AnswerTokens;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lets a policy answer held-out questions and measures the answers: mean score, its spread, the
 * share that could be scored, length, the share that the policy ended by itself, and its divergence
 * from the reference on its own answers, KL(policy || reference) in nats an answer, estimated by
 * the mean log-ratio, which it is where they are drawn at temperature 1 from all tokens.
 */
final class HeldOutAnswers implements HeldOut {
  private final List<Question> questions;
  private final AnswerSampler sampler;
  private final Scorer scorer;
  private final Llama reference;
  private final int contextLength;
  private final long seed;

  /**
   * @param scorer stays the caller's
   * @param reference stays the caller's
   * @param contextLength of a row through the models
   * @param seed of the draws, the same every time
   */
  HeldOutAnswers(
      List<Question> questions,
      AnswerSampler sampler,
      Scorer scorer,
      Llama reference,
      int contextLength,
      long seed) {
    this.questions = questions;
    this.sampler = sampler;
    this.scorer = scorer;
    this.reference = reference;
    this.contextLength = contextLength;
    this.seed = seed;
  }

  @Override
  public void measure(Llama model, long step, TrainingListener listener) {
    List<Answer> answers = sampler.answers(model, questions, 1, seed);
    double[] scores = scorer.scores(answers);
    SortedMap<String, Double> figures = new TreeMap<>();
    double[] scored = Arrays.stream(scores).filter(score -> !Double.isNaN(score)).toArray();
    double mean = Arrays.stream(scored).average().orElse(Double.NaN);
    figures.put("reward", mean);
    figures.put("reward-deviation", deviation(scored, mean));
    figures.put("scored", (double) scored.length / scores.length);
    figures.put(
        "answer-tokens", answers.stream().mapToInt(a -> a.ids().length).average().orElseThrow());
    figures.put("ended", answers.stream().mapToInt(a -> a.ended() ? 1 : 0).average().orElseThrow());
    figures.put("divergence", divergence(model, answers));
    listener.measured("held-out", step, figures);
  }

  private static double deviation(double[] values, double mean) {
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElse(Double.NaN));
  }

  private double divergence(Llama model, List<Answer> answers) {
    List<AnswerTokens> tokens = answers.stream().map(Answer::tokens).toList();
    double[] own = AnswerLogs.of(model, tokens, contextLength, 1);
    double[] others = AnswerLogs.of(reference, tokens, contextLength, 1);
    return (Arrays.stream(own).sum() - Arrays.stream(others).sum()) / answers.size();
  }
}
