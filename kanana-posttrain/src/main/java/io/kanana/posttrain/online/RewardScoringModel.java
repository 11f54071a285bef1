package io.kanana.posttrain.online;

import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelHead;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.posttrain.preference.AnswerTokens;
import io.kanana.posttrain.preference.RewardScores;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A trained reward model ({@code type: model}). */
public final class RewardScoringModel implements Scorer {
  /**
   * @param path the directory of a reward model: {@code model} of the output of {@code job: reward}
   * @param microBatch rows that go through it at once
   * @param precision of its products
   */
  public record Config(Path path, int microBatch, Precision precision) implements Scorer.Config {
    public Config {
      Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
    }

    /** Reads it; a language model is refused by name. */
    @Override
    public Scorer open(TensorBackend backend) {
      try (HuggingFaceModel stored = HuggingFaceModel.open(path, ModelHead.SCORE)) {
        return new RewardScoringModel(ModelWeights.load(stored, precision, backend), microBatch);
      }
    }

    @Override
    public void requireTokenizer(BytePairTokenizer policy) {
      if (!Tokenizers.same(Tokenizers.load(path), policy)) {
        throw new ConfigException(
            "path",
            "must be a reward model with the tokenizer of the model whose answers it scores, but "
                + path
                + " has another one");
      }
    }

    @Override
    public List<RunCheckpoints.Ancestor> models() {
      try (ParentModel stored = ParentModel.open(path, ModelHead.SCORE)) {
        return List.of(stored.asAncestor());
      }
    }
  }

  private final Llama model;
  private final RewardScores scores;

  private RewardScoringModel(Llama model, int microBatch) {
    this.model = model;
    this.scores = new RewardScores(model, microBatch);
  }

  /**
   * @throws DataException if an answer with its prompt is longer than the model's context
   */
  @Override
  public double[] scores(List<Answer> answers) {
    List<AnswerTokens> tokens = answers.stream().map(Answer::tokens).toList();
    int longest = tokens.stream().mapToInt(AnswerTokens::length).max().orElse(0);
    if (longest > model.config().contextLength()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "an answer has %d tokens with its prompt, but the reward model's context is %d; take a"
                  + " reward model with a longer one, or let answers be shorter",
              longest,
              model.config().contextLength()));
    }
    return scores.of(tokens);
  }

  @Override
  public void close() {
    model.close();
  }
}
