package io.kanana.pretrain;

import io.kanana.core.config.Check;
import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * Byte-level BPE trained on the documents ({@code type: train-bpe}).
 *
 * @param vocabularySize tokens in all, special ones included
 * @param specialTokens the first ids, in this order; the first begins and the second ends a
 *     document
 * @param sampleBytes how much of the documents it is trained on, spread evenly over them
 */
public record TrainBpe(int vocabularySize, List<String> specialTokens, long sampleBytes)
    implements TokenizerChoice {
  private static final int BYTES = 256;

  public TrainBpe {
    specialTokens = List.copyOf(specialTokens);
    Check.that(
        vocabularySize >= BYTES + specialTokens.size(),
        List.of("vocabulary-size", "special-tokens"),
        "must be at least 256 and one for each of special-tokens (%s), got %s",
        specialTokens.size(),
        vocabularySize);
    Check.that(
        specialTokens.size() >= 2,
        "special-tokens",
        "must begin with the token that begins and the one that ends a document, got %s",
        specialTokens);
    Check.that(
        new HashSet<>(specialTokens).size() == specialTokens.size(),
        "special-tokens",
        "must be different from one another, got %s",
        specialTokens);
    Check.that(sampleBytes > 0, "sample-bytes", "must be > 0, got %s", sampleBytes);
  }

  @Override
  public OptionalInt mostTokens() {
    return OptionalInt.of(vocabularySize);
  }

  @Override
  public Made make(Texts texts, int threads) {
    BytePairTokenizer tokenizer =
        new BpeTrainer(new BpeTrainer.Config(vocabularySize, specialTokens))
            .withDocumentTokens(specialTokens.get(0), specialTokens.get(1))
            .train(texts.sample(sampleBytes).iterator(), threads);
    return new Made(tokenizer, TokenizerConfig.of(tokenizer));
  }
}
