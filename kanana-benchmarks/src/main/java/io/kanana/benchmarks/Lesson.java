package io.kanana.benchmarks;

import io.kanana.core.model.Llama;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.NextToken;
import io.kanana.core.train.RandomTokens;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective;
import io.kanana.posttrain.preference.AnswerLogs;
import io.kanana.posttrain.preference.AnswerTokens;
import io.kanana.posttrain.preference.DpoLosses;
import io.kanana.posttrain.preference.PairBatches;
import io.kanana.posttrain.preference.PairTokens;
import io.kanana.posttrain.preference.PreferenceObjective;
import io.kanana.posttrain.preference.ReferenceLogs;
import io.kanana.posttrain.preference.ReferencedPairs;
import java.util.List;
import java.util.function.Function;

/**
 * What a timed step learns, and from which rows: the same ones every step.
 *
 * @param rows of a step
 * @param documentTokens of a step, without padding
 */
record Lesson(BatchSource data, TrainingObjective objective, int rows, long documentTokens) {
  /** The kinds of lessons, as they are said on a command line. */
  enum Kind {
    /** The next token of random text, a document a row. */
    NEXT_TOKEN("next-token"),
    /** What is said in the packed answers of {@link MadePairs}. */
    SFT("sft"),
    /** To prefer the first of two answers; what the reference thinks is known before. */
    DPO("dpo");

    private final String said;

    Kind(String said) {
      this.said = said;
    }

    @Override
    public String toString() {
      return said;
    }
  }

  private static final DpoLosses.Sigmoid DPO_LOSS = new DpoLosses.Sigmoid(0.1, 0);

  /**
   * @param model whose first thoughts are the reference's
   */
  static Lesson of(Kind kind, BenchmarkShape shape, Llama model) {
    return switch (kind) {
      case NEXT_TOKEN -> nextToken(shape);
      case SFT -> sft(MadePairs.filling(shape));
      case DPO -> dpo(MadePairs.filling(shape), shape, model);
    };
  }

  private static Lesson nextToken(BenchmarkShape shape) {
    RandomTokens data =
        new RandomTokens(shape.context(), shape.model().vocabularySize(), shape.batch());
    return new Lesson(data, likelihood(), shape.batch(), shape.tokens());
  }

  private static NextToken likelihood() {
    return new NextToken(new NextToken.Config(0));
  }

  private static Lesson sft(MadePairs made) {
    PairBatches data = made.batches();
    return new Lesson(data, likelihood(), Math.toIntExact(data.epochLength()), made.tokens());
  }

  private static Lesson dpo(MadePairs made, BenchmarkShape shape, Llama model) {
    ReferenceLogs reference =
        new ReferenceLogs(
            logs(made, PairTokens::chosen, shape, model),
            logs(made, PairTokens::rejected, shape, model));
    ReferencedPairs data = new ReferencedPairs(made.batches(), reference);
    return new Lesson(
        data,
        new PreferenceObjective(DPO_LOSS, 0, data),
        Math.toIntExact(data.epochLength()),
        made.tokens());
  }

  private static double[] logs(
      MadePairs made, Function<PairTokens, AnswerTokens> side, BenchmarkShape shape, Llama model) {
    List<AnswerTokens> answers = made.pairs().stream().map(side).toList();
    return AnswerLogs.of(model, answers, shape.context(), shape.batch());
  }

  /** The first step's rows; later ones have them in other orders. */
  TokenBatch batch() {
    return data.batch(0, rows);
  }
}
