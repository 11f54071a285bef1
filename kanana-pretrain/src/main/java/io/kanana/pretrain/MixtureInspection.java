package io.kanana.pretrain;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.core.train.BatchSizes;
import io.kanana.core.train.Duration;
import io.kanana.data.batch.MixtureBatches;
import io.kanana.data.batch.MixturePlan;
import io.kanana.data.batch.Packing;
import io.kanana.data.mixture.MixtureConfig;
import io.kanana.data.mixture.MixtureReport;
import io.kanana.data.mixture.OnLimit;
import io.kanana.data.mixture.SampleSequence;
import io.kanana.data.shard.Tokenization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Looks at what a pre-training run reads, or would read, and leaves everything as it is: what has
 * to be packed for that is packed in a temporary directory. Tokens are those that are there.
 */
public final class MixtureInspection {
  /**
   * What was found.
   *
   * @param report how much of each domain the run sees
   * @param samples its first sequences as text
   * @param notes what could not be found out, and why
   */
  public record Result(MixtureReport report, List<SampleSequence> samples, List<String> notes) {
    public Result {
      samples = List.copyOf(samples);
      notes = List.copyOf(notes);
    }
  }

  /** The seed of a mixture that no run has given one. */
  private static final long SEED = 17;

  private final DataStage stage;
  private final Path output;
  private final Optional<Path> tokenizer;
  private final List<String> notes = new ArrayList<>();

  private MixtureInspection(DataStage stage, Path output, Optional<Path> tokenizer) {
    this.stage = stage;
    this.output = output;
    this.tokenizer = tokenizer;
  }

  /**
   * Of a run.
   *
   * @param output where the run writes or has written
   */
  public static MixtureInspection of(PretrainConfig config, Path output) {
    Path own = output.resolve(TokenizerStage.DIRECTORY);
    Optional<Path> tokenizer =
        Artefact.isArtefact(own)
            ? Optional.of(own)
            : config.tokenizer() instanceof LoadTokenizer given
                ? Optional.of(given.path().toAbsolutePath())
                : Optional.empty();
    return new MixtureInspection(DataStage.of(config), output, tokenizer);
  }

  /**
   * Of a mixture alone.
   *
   * @param until the length of the run to think of
   */
  public static MixtureInspection of(
      MixtureConfig mixture, int contextLength, Packing packing, Duration until) {
    DataStage stage =
        new DataStage(
            new Sources(mixture, true, 0),
            contextLength,
            packing,
            OnLimit.REFUSE,
            RandomKey.of(SEED).child("data").value(),
            until,
            BatchSizes.constant(1));
    return new MixtureInspection(stage, Path.of(""), Optional.empty());
  }

  /**
   * Looks at a run's beginning.
   *
   * @param tokens how many positions of it; where absent, all
   * @param samples how many sequences to show as text
   */
  public Result look(OptionalLong tokens, int samples) {
    try (RunTokens found = new RunTokens()) {
      List<String> missing = open(found);
      if (!missing.isEmpty()) {
        notes.add(
            "no tokens yet of "
                + String.join(", ", missing)
                + ", so only what the weights ask for is known; run the job, or job: tokenize");
        return new Result(asked(tokens), List.of(), notes);
      }
      return RunMixture.isPacked(stage, found, output)
          ? look(found, output, tokens, samples)
          : lookPackedElsewhere(found, tokens, samples);
    }
  }

  private List<String> open(RunTokens found) {
    List<String> missing = new ArrayList<>();
    for (String domain : stage.sources().domains().keySet()) {
      Path directory = TokenStage.directory(stage.sources(), domain, output);
      if (Tokenization.isDone(directory)) {
        found.add(domain, DomainTokens.open(directory));
      } else {
        missing.add(domain);
      }
    }
    return missing;
  }

  private MixtureReport asked(OptionalLong tokens) {
    long steps = stage.until().inSteps(stage.contextLength(), stage.batches()).orElse(0);
    long sequences =
        tokens.isPresent()
            ? Math.ceilDiv(tokens.getAsLong(), stage.contextLength())
            : stage.batches().before(steps);
    return MixtureReport.of(
        stage.sources().mixture(), stage.contextLength(), stage.packing(), sequences);
  }

  private Result look(RunTokens found, Path packings, OptionalLong tokens, int samples) {
    try (RunMixture mixture = RunMixture.open(stage, found, packings, documents -> {})) {
      MixturePlan plan = plan(mixture);
      long run = mixture.runSequences();
      long sequences =
          tokens.isPresent()
              ? Math.min(run, Math.ceilDiv(tokens.getAsLong(), stage.contextLength()))
              : run;
      MixtureReport report =
          MixtureReport.of(stage.sources().mixture(), plan, mixture.sequences(), sequences);
      return new Result(report, samples(mixture, plan, Math.min(samples, sequences)), notes);
    }
  }

  private MixturePlan plan(RunMixture mixture) {
    try {
      return mixture.plan();
    } catch (ConfigException e) {
      e.problems().forEach(problem -> notes.add("cannot be run: " + problem));
      return mixture.unlimitedPlan();
    }
  }

  private List<SampleSequence> samples(RunMixture mixture, MixturePlan plan, long count) {
    if (count > 0 && tokenizer.isEmpty()) {
      notes.add("no sequences are shown, since there is no tokenizer to decode them");
      return List.of();
    }
    MixtureBatches batches = mixture.batches(plan);
    Optional<Tokenizer> loaded = count > 0 ? tokenizer.map(Tokenizers::load) : Optional.empty();
    return LongStream.range(0, loaded.isPresent() ? count : 0)
        .mapToObj(
            sequence -> {
              MixtureBatches.Origin origin = batches.origin(sequence);
              return SampleSequence.of(
                  sequence, origin, mixture.sequences().get(origin.domain()), loaded.orElseThrow());
            })
        .toList();
  }

  private Result lookPackedElsewhere(RunTokens found, OptionalLong tokens, int samples) {
    try {
      Path directory = Files.createTempDirectory("kanana-packed-");
      try {
        return look(found, directory, tokens, samples);
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      throw new DataException("a temporary packing cannot be written: " + Reason.of(e), e);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
