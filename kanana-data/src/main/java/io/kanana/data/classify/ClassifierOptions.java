package io.kanana.data.classify;

import io.kanana.core.config.Check;
import java.util.List;

/**
 * How a classifier is trained; names and meaning are fastText's ({@code fasttext supervised}).
 *
 * @param learningRate at the start; it falls to zero in a straight line ({@code lr})
 * @param dimensions of the vectors that are averaged ({@code dim})
 * @param epochs how often each text is used
 * @param wordNgrams the longest sequence of words that has a vector ({@code wordNgrams})
 * @param minSubword the shortest character n-gram that has a vector ({@code minn})
 * @param maxSubword the longest one, 0 for none ({@code maxn})
 * @param buckets vectors that all n-grams share by their hash
 * @param minCount words that are rarer have no vector of their own ({@code minCount})
 */
public record ClassifierOptions(
    double learningRate,
    int dimensions,
    int epochs,
    int wordNgrams,
    int minSubword,
    int maxSubword,
    int buckets,
    Loss loss,
    int minCount) {
  /** The longest n-grams that a model may have, of words or of characters. */
  static final int LONGEST_NGRAM = 64;

  public ClassifierOptions {
    Check.that(learningRate > 0, "learning-rate", "must be > 0, got %s", learningRate);
    Check.that(
        dimensions >= 1 && dimensions <= 4096,
        "dimensions",
        "must lie in 1 .. 4096, got %s",
        dimensions);
    Check.that(epochs >= 1, "epochs", "must be at least 1, got %s", epochs);
    Check.that(
        wordNgrams >= 1 && wordNgrams <= LONGEST_NGRAM,
        "word-ngrams",
        "must lie in 1 .. 64, got %s",
        wordNgrams);
    Check.that(
        maxSubword >= 0 && maxSubword <= LONGEST_NGRAM,
        "max-subword",
        "must lie in 0 .. 64, got %s",
        maxSubword);
    Check.that(
        minSubword >= 0 && minSubword <= maxSubword,
        List.of("min-subword", "max-subword"),
        "must lie in 0 .. max-subword (%s), got %s",
        maxSubword,
        minSubword);
    Check.that(
        buckets >= 1 || (wordNgrams == 1 && maxSubword == 0),
        List.of("buckets", "word-ngrams", "max-subword"),
        "must be at least 1 where there are n-grams, got %s",
        buckets);
    Check.that(buckets >= 0, "buckets", "must be >= 0, got %s", buckets);
    Check.that(minCount >= 1, "min-count", "must be at least 1, got %s", minCount);
  }

  /** fastText's defaults for supervised training. */
  public static ClassifierOptions defaults() {
    return new ClassifierOptions(0.1, 100, 5, 1, 0, 0, 2_000_000, Loss.SOFTMAX, 1);
  }

  /** Buckets that training makes: none where no n-gram would use them. */
  int usedBuckets() {
    return wordNgrams == 1 && maxSubword == 0 ? 0 : buckets;
  }
}
