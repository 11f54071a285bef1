package io.kanana.pretrain;

import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import java.util.List;
import java.util.OptionalInt;

/**
 * Where a run's tokenizer comes from: the open part {@code tokenizer} of a configuration.
 *
 * <p>It always is a byte-pair tokenizer: a run keeps it as {@code tokenizer.json}, and its
 * checkpoints are for other programs, which read that file and nothing else.
 */
public interface TokenizerChoice {
  /** Texts to make a tokenizer from. */
  interface Texts {
    /**
     * Documents that are spread evenly over the corpus, of as many bytes of UTF-8 up to twice as
     * many; all of them where there are fewer. Held-out documents are not among them: a tokenizer
     * that knows their words would flatter the bits per byte.
     */
    List<String> sample(long bytes);
  }

  /**
   * A tokenizer and the parts that its special tokens play. Where the config names a token that
   * begins or ends documents, the tokenizer must say the same.
   */
  record Made(BytePairTokenizer tokenizer, TokenizerConfig config) {}

  /** The most tokens that it will have, where that is known before it is made. */
  OptionalInt mostTokens();

  /**
   * Makes it; called once in a run.
   *
   * @param texts reads the corpus at each call
   * @param threads how many may compute
   */
  Made make(Texts texts, int threads);
}
