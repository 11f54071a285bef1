package io.kanana.posttrain.online;

import io.kanana.core.model.Llama;
import io.kanana.core.random.RandomKey;
import io.kanana.data.batch.KeyedPermutation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the scored answers of a step: which questions are asked and every draw follow from the key
 * and the step alone, so the answers are a pure function of these and the model's weights.
 */
final class AnswerMaker {
  private final List<Question> questions;
  private final int questionsPerStep;
  private final int answersEach;
  private final AnswerSampler sampler;
  private final RandomKey key;
  private final SamplingRate rate;

  /**
   * @param rate counts what is sampled
   */
  AnswerMaker(
      List<Question> questions,
      int questionsPerStep,
      int answersEach,
      AnswerSampler sampler,
      RandomKey key,
      SamplingRate rate) {
    this.questions = questions;
    this.questionsPerStep = questionsPerStep;
    this.answersEach = answersEach;
    this.sampler = sampler;
    this.key = key;
    this.rate = rate;
  }

  int questionsPerStep() {
    return questionsPerStep;
  }

  /**
   * @param step from 1
   */
  List<ScoredAnswers> make(Llama model, Scorer scorer, long step) {
    List<Integer> asked = asked(step);
    long seed = key.child("answers").child(step).value();
    List<Question> each = asked.stream().map(questions::get).toList();
    List<Answer> answers = rate.of(() -> sampler.answers(model, each, answersEach, seed));
    double[] scores = scorer.scores(answers);
    List<ScoredAnswers> made = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      int from = i * answersEach;
      int to = from + answersEach;
      made.add(
          new ScoredAnswers(
              asked.get(i), answers.subList(from, to), Arrays.copyOfRange(scores, from, to)));
    }
    return made;
  }

  /** Every question comes once before any comes again. */
  private List<Integer> asked(long step) {
    List<Integer> asked = new ArrayList<>();
    for (long i = (step - 1) * questionsPerStep; i < step * questionsPerStep; i++) {
      RandomKey pass = key.child("order").child(i / questions.size());
      KeyedPermutation order = new KeyedPermutation(pass, questions.size());
      asked.add(Math.toIntExact(order.at(i % questions.size())));
    }
    return asked;
  }
}
