package io.kanana.cli;

import io.kanana.core.generate.SamplingOptions;
import io.kanana.core.generate.TextGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a command draws text; what is not given is as the checkpoint suggests. */
final class SamplingArguments {
  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      defaultValue = "256",
      description = "The most tokens of an answer (${DEFAULT-VALUE}).")
  private int maxNewTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Logits are divided by it; 0 always takes the likeliest token.")
  private Double temperature;

  @Option(names = "--top-k", paramLabel = "K", description = "Keep the K likeliest tokens; 0: all.")
  private Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Keep the likeliest tokens of together probability P; 1: all.")
  private Double topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Keep tokens of at least P times the largest probability; 0: all.")
  private Double minP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "R",
      description = "Make tokens that came before less likely; 1 changes nothing.")
  private Double repetitionPenalty;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End an answer before this text. Can be repeated.")
  private List<String> stops = new ArrayList<>();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "The same seed draws the same text (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--greedy", description = "Always take the likeliest token.")
  private boolean greedy;

  /** These options over those that a checkpoint suggests. */
  TextGenerator.Options over(SamplingOptions suggested) {
    double wanted = greedy ? 0 : given(temperature, suggested.temperature());
    SamplingOptions sampling =
        new SamplingOptions(
            wanted,
            given(topK, suggested.topK()),
            given(topP, suggested.topP()),
            given(minP, suggested.minP()),
            given(repetitionPenalty, suggested.repetitionPenalty()));
    return new TextGenerator.Options(maxNewTokens, sampling, stops, seed);
  }

  private static <T> T given(T value, T otherwise) {
    return Optional.ofNullable(value).orElse(otherwise);
  }
}
