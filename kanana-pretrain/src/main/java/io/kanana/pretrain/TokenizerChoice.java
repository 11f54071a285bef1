package io.kanana.pretrain;

import io.kanana.core.config.Check;
import java.nio.file.Path;
import java.util.List;

/** Where a run's tokenizer comes from. */
public sealed interface TokenizerChoice {
  /**
   * Byte-level BPE trained on the documents.
   *
   * @param vocabularySize tokens in all, special ones included
   * @param specialTokens the first ids, in this order; the first begins and the second ends a
   *     document
   * @param sampleBytes how much of the documents it is trained on, spread evenly over them
   */
  record TrainBpe(int vocabularySize, List<String> specialTokens, long sampleBytes)
      implements TokenizerChoice {
    private static final int BYTES = 256;

    public TrainBpe {
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
      Check.that(sampleBytes > 0, "sample-bytes", "must be > 0, got %s", sampleBytes);
    }
  }

  /**
   * A tokenizer that exists.
   *
   * @param path a {@code tokenizer.json} or its directory
   */
  record Load(Path path) implements TokenizerChoice {}
}
