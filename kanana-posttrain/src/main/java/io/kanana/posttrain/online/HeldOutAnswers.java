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
 * Lets a policy answer held-out questions and measures the answers: mean score, its spread, length,
 * the share that the policy ended by itself, and its divergence from the reference on its own
 * answers, KL(policy || reference) in nats an answer, estimated by the mean log-ratio.
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
    double mean = Arrays.stream(scores).average().orElseThrow();
    figures.put("reward", mean);
    figures.put(
        "reward-deviation",
        Math.sqrt(Arrays.stream(scores).map(s -> (s - mean) * (s - mean)).average().orElseThrow()));
    figures.put(
        "answer-tokens", answers.stream().mapToInt(a -> a.ids().length).average().orElseThrow());
    figures.put("ended", answers.stream().mapToInt(a -> a.ended() ? 1 : 0).average().orElseThrow());
    figures.put("divergence", divergence(model, answers));
    listener.measured("held-out", step, figures);
  }

  private double divergence(Llama model, List<Answer> answers) {
    List<AnswerTokens> tokens = answers.stream().map(Answer::tokens).toList();
    double[] own = AnswerLogs.of(model, tokens, contextLength, 1);
    double[] others = AnswerLogs.of(reference, tokens, contextLength, 1);
    return (Arrays.stream(own).sum() - Arrays.stream(others).sum()) / answers.size();
  }
}
