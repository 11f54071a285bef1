package io.kanana.posttrain.preference;

import io.kanana.core.model.Llama;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The divergence of a policy from its reference as KTO estimates it (Ethayarajh et al., arXiv
 * 2402.01306, section 4.1): the mean log-ratio of answers to other prompts, of all pairs of a step
 * whatever its micro-batches.
 */
final class KtoBaseline {
  private final List<PairTokens> mismatched;
  private final ReferenceLogs reference;
  private final int contextLength;
  private final int microBatch;

  /**
   * @param mismatched for each pair, its prompt with the answers of another
   * @param reference of these
   */
  KtoBaseline(
      List<PairTokens> mismatched, ReferenceLogs reference, int contextLength, int microBatch) {
    this.mismatched = mismatched;
    this.reference = reference;
    this.contextLength = contextLength;
    this.microBatch = microBatch;
  }

  /**
   * Each prompt with the answers to the next one that is another; what does not fit into a row is
   * cut off. Where there is but one prompt, its own answers stand for others.
   */
  static List<PairTokens> mismatched(List<PairTokens> pairs, int contextLength) {
    List<PairTokens> mismatched = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      PairTokens pair = pairs.get(i);
      PairTokens next = pairs.get(next(pairs, i));
      mismatched.add(
          new PairTokens(
              answer(pair.chosen(), next.chosen(), contextLength / 2),
              answer(pair.rejected(), next.rejected(), contextLength / 2)));
    }
    return mismatched;
  }

  private static int next(List<PairTokens> pairs, int of) {
    int[] prompt = prompt(pairs.get(of));
    for (int i = 1; i < pairs.size(); i++) {
      int other = (of + i) % pairs.size();
      if (!Arrays.equals(prompt, prompt(pairs.get(other)))) {
        return other;
      }
    }
    return of;
  }

  private static int[] prompt(PairTokens pair) {
    return Arrays.copyOf(pair.chosen().ids(), pair.chosen().answered());
  }

  /** At least one token of the answer stays; the prompt gives way. */
  private static AnswerTokens answer(AnswerTokens asked, AnswerTokens said, int most) {
    int prompt = Math.min(asked.answered(), most - 1);
    int answer = Math.min(said.answerLength(), most - prompt);
    int[] ids = Arrays.copyOf(asked.ids(), prompt + answer);
    System.arraycopy(said.ids(), said.answered(), ids, prompt, answer);
    return new AnswerTokens(ids, prompt);
  }

  /** z for a step of these pairs, in nats. */
  double of(Llama policy, List<Integer> pairs) {
    List<AnswerTokens> answers = new ArrayList<>();
    pairs.forEach(pair -> answers.add(mismatched.get(pair).chosen()));
    pairs.forEach(pair -> answers.add(mismatched.get(pair).rejected()));
    double[] ratios = AnswerLogs.of(policy, answers, contextLength, microBatch);
    for (int i = 0; i < pairs.size(); i++) {
      ratios[i] -= reference.chosen(pairs.get(i));
      ratios[pairs.size() + i] -= reference.rejected(pairs.get(i));
    }
    return Kto.baseline(ratios);
  }
}
