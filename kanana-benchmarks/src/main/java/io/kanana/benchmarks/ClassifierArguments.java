package io.kanana.benchmarks;

import io.kanana.data.classify.ClassifierOptions;
import io.kanana.data.classify.Loss;
import picocli.CommandLine.Option;

/** The classifier and its training, by default as fastText has them. */
final class ClassifierArguments {
  @Option(names = "--learning-rate", defaultValue = "0.1", description = "${DEFAULT-VALUE}.")
  private double learningRate;

  @Option(names = "--dimensions", defaultValue = "100", description = "${DEFAULT-VALUE}.")
  private int dimensions;

  @Option(names = "--epochs", defaultValue = "5", description = "${DEFAULT-VALUE}.")
  private int epochs;

  @Option(names = "--word-ngrams", defaultValue = "1", description = "${DEFAULT-VALUE}.")
  private int wordNgrams;

  @Option(names = "--min-subword", defaultValue = "0", description = "${DEFAULT-VALUE}.")
  private int minSubword;

  @Option(names = "--max-subword", defaultValue = "0", description = "${DEFAULT-VALUE}.")
  private int maxSubword;

  @Option(names = "--buckets", defaultValue = "2000000", description = "${DEFAULT-VALUE}.")
  private int buckets;

  @Option(names = "--min-count", defaultValue = "1", description = "${DEFAULT-VALUE}.")
  private int minCount;

  ClassifierOptions options() {
    return new ClassifierOptions(
        learningRate,
        dimensions,
        epochs,
        wordNgrams,
        minSubword,
        maxSubword,
        buckets,
        Loss.SOFTMAX,
        minCount);
  }
}
