package io.kanana.pretrain;

import io.kanana.core.config.Check;
import io.kanana.core.config.NumberOrAuto;
import io.kanana.core.error.ConfigException;
import io.kanana.core.generate.SamplingOptions;
import io.kanana.core.job.JobConfig;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.optimize.DeepSeekLaw;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.train.BatchSizes;
import io.kanana.core.train.CheckpointProbe;
import io.kanana.core.train.ComputeConfig;
import io.kanana.core.train.Duration;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.TrainingObjective;
import io.kanana.data.batch.Packing;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.mixture.MixtureConfig;
import io.kanana.data.mixture.OnLimit;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the job {@code pretrain}.
 *
 * @param output where everything goes
 * @param seed of weights, data order and samples
 * @param compute the machine's part
 * @param data documents or a mixture, the share of them that is held out, and how they are packed
 * @param tokenizer trained on the documents, or given
 * @param model the decoder's shape
 * @param start the checkpoint that the run goes on from; where it is absent, weights are new
 * @param objective the loss
 * @param optimizer the update
 * @param schedule the learning rate over the run
 * @param train the run
 * @param evaluate measurements on held-out documents
 * @param checkpoint what is kept on the way
 * @param samples what is generated at the end
 */
public record PretrainConfig(
    Path output,
    long seed,
    ComputeConfig compute,
    Data data,
    TokenizerChoice tokenizer,
    ModelConfig model,
    Optional<Start> start,
    TrainingObjective.Config objective,
    Optimizer.Config optimizer,
    LrSchedule.Config schedule,
    Train train,
    Evaluate evaluate,
    Checkpoint checkpoint,
    Samples samples)
    implements JobConfig {

  public PretrainConfig {
    if (evaluate.documents.isPresent()) {
      data.mixture.ifPresent(PretrainConfig::checkHasNoTokens);
    }
    Check.that(
        train.tokensPerStep().number().orElse(0) % model.contextLength() == 0,
        List.of("train.tokens-per-step", "model.context-length"),
        "must be a multiple of model.context-length (%s), got %s",
        model.contextLength(),
        train.tokensPerStep());
    Check.that(
        !train.tokensPerStep().isAuto() || train.until().tokens().isPresent(),
        List.of("train.until", "train.tokens-per-step"),
        "must be in tokens where train.tokens-per-step is auto, got %s",
        train.until());
    int contextLength = model.contextLength();
    train.ramp().ifPresent(ramp -> checkFits(ramp, train.tokensPerStep(), contextLength));
    Check.that(
        tokenizer.mostTokens().orElse(0) <= model.vocabularySize(),
        List.of("model.vocabulary-size", "tokenizer.vocabulary-size"),
        "must be at least tokenizer.vocabulary-size (%s), got %s",
        tokenizer.mostTokens().orElse(0),
        model.vocabularySize());
  }

  private static void checkFits(Ramp ramp, NumberOrAuto tokensPerStep, int contextLength) {
    Check.that(
        ramp.from % contextLength == 0,
        List.of("train.ramp.from", "model.context-length"),
        "must be a multiple of model.context-length (%s), got %s",
        contextLength,
        ramp.from);
    Check.that(
        ramp.from <= tokensPerStep.number().orElse(ramp.from),
        List.of("train.ramp.from", "train.tokens-per-step"),
        "must be at most train.tokens-per-step (%.0f), got %s",
        tokensPerStep.number().orElse(0),
        ramp.from);
  }

  private static void checkHasNoTokens(MixtureConfig mixture) {
    mixture
        .domains()
        .forEach(
            (name, domain) ->
                Check.that(
                    domain.tokens().isEmpty(),
                    List.of("data.mixture.domains." + name + ".tokens", "evaluate.documents"),
                    "must not stand beside evaluate.documents, whose texts cannot be kept out of tokens that are made already; give documents"));
  }

  /**
   * The learning rate over a run of this length.
   *
   * @throws ConfigException if the schedule does not fit it
   */
  public LrSchedule schedule(long totalSteps) {
    try {
      return schedule.create(totalSteps);
    } catch (ConfigException e) {
      throw e.below("schedule");
    }
  }

  /** What is trained on; nothing of it is held out where documents to measure on are given. */
  Sources sources() {
    return evaluate.documents.isPresent() ? data.sources().withHeldOut(0) : data.sources();
  }

  /**
   * Positions of the batch of one update, a multiple of the context length: as given, or those of
   * DeepSeek's law to the nearest whole micro-batch.
   */
  public int tokensPerStep() {
    if (!train.tokensPerStep.isAuto()) {
      return (int) train.tokensPerStep.number().getAsDouble();
    }
    long smallest = (long) train.microBatch * model.contextLength();
    double asked = DeepSeekLaw.batchTokens(compute(train.until.tokens().getAsLong()));
    long tokens = smallest * Math.max(1, Math.round(asked / smallest));
    if (tokens > Integer.MAX_VALUE) {
      throw new ConfigException(
          "train.tokens-per-step",
          "must be a number, got auto: the law asks for more than " + Integer.MAX_VALUE);
    }
    return (int) tokens;
  }

  /**
   * What measures checkpoints.
   *
   * @throws ConfigException if it cannot work
   */
  Optional<CheckpointProbe> probe() {
    try {
      return evaluate.benchmarks.map(
          benchmarks ->
              benchmarks.create(compute.backend(), compute.threadCount(), compute.precision()));
    } catch (ConfigException e) {
      throw e.below("evaluate.benchmarks");
    }
  }

  /** Rows of the batch of each update. */
  BatchSizes batches() {
    int full = tokensPerStep() / model.contextLength();
    return train
        .ramp
        .map(
            ramp ->
                BatchSizes.ramp(
                    Math.min(full, ramp.from / model.contextLength()), full, ramp.steps))
        .orElseGet(() -> BatchSizes.constant(full));
  }

  /** Positions of this many updates, from the first on. */
  long tokens(long steps) {
    return batches().before(steps) * model.contextLength();
  }

  /** Whether a law finds the rate or the batch. */
  boolean asksTheLaw() {
    return train.tokensPerStep.isAuto() || !optimizer.at(1).equals(optimizer);
  }

  /** The optimizer of a run of this many steps, with nothing left to a law. */
  Optimizer.Config optimizer(long totalSteps) {
    return optimizer.at(compute(tokens(totalSteps)));
  }

  /**
   * FLOPs, as {@link DeepSeekLaw} counts them, of the whole run that these tokens are a stage of.
   */
  private double compute(long tokens) {
    return DeepSeekLaw.compute(model, tokens) / schedule.share();
  }

  /**
   * @param documents sources, one after the other: a mixture of one domain
   * @param mixture domains with weights, in place of documents
   * @param heldOutShare the share of documents that is never trained on, of each domain
   * @param packing how documents become sequences
   * @param onLimit what happens where a domain would be read more often than it may
   */
  public record Data(
      Optional<List<DocumentSource.Config>> documents,
      Optional<MixtureConfig> mixture,
      double heldOutShare,
      Packing packing,
      OnLimit onLimit) {
    public Data {
      Sources.check(documents, mixture, heldOutShare);
    }

    /** The same in one form. */
    Sources sources() {
      return Sources.of(documents, mixture, heldOutShare);
    }
  }

  /**
   * @param model a Hugging Face directory, ours or others'; its shape must be that of {@code model}
   *     but for the context length and the rotary embedding, which a stage may change
   * @param optimizerState what becomes of the moments that stand beside it
   */
  public record Start(Path model, OptimizerState optimizerState) {}

  /**
   * @param until the length of the run
   * @param tokensPerStep positions of the batch of one update; {@code auto} is DeepSeek's law
   * @param ramp smaller batches at the beginning
   * @param microBatch rows that go through the model at once
   * @param maxGradientNorm gradients whose global norm is larger are scaled down to it
   * @param recompute layers are computed again in the backward pass instead of kept
   * @param initialStd standard deviation of the first weights
   * @param maxConsecutiveSkips this many skipped steps in a row stop the run
   */
  public record Train(
      Duration until,
      NumberOrAuto tokensPerStep,
      Optional<Ramp> ramp,
      int microBatch,
      double maxGradientNorm,
      boolean recompute,
      double initialStd,
      SpikeDetector.Config spikes,
      int maxConsecutiveSkips) {
    public Train {
      double tokens = tokensPerStep.number().orElse(1);
      Check.that(
          tokens > 0 && tokens <= Integer.MAX_VALUE && tokens == Math.rint(tokens),
          "tokens-per-step",
          "must be a whole number > 0 of at most %s, or auto, got %s",
          Integer.MAX_VALUE,
          tokensPerStep);
      Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
      Check.that(maxGradientNorm > 0, "max-gradient-norm", "must be > 0, got %s", maxGradientNorm);
      Check.that(initialStd > 0, "initial-std", "must be > 0, got %s", initialStd);
      Check.that(
          maxConsecutiveSkips > 0,
          "max-consecutive-skips",
          "must be at least 1, got %s",
          maxConsecutiveSkips);
    }
  }

  /**
   * Steps that grow, evenly, from the first one's size to {@code tokens-per-step}.
   *
   * @param from positions of the first step; a batch that {@code auto} makes smaller has no ramp
   * @param steps how many come before the first full one
   */
  public record Ramp(int from, int steps) {
    /** Each step's place in the data is kept in memory. */
    private static final int MOST_STEPS = 1_000_000;

    public Ramp {
      Check.that(from > 0, "from", "must be > 0, got %s", from);
      Check.that(
          steps > 0 && steps <= MOST_STEPS, "steps", "must be in 1..%s, got %s", MOST_STEPS, steps);
    }
  }

  /**
   * @param every between two measurements
   * @param documents what is measured on, in place of held-out shares; documents of the same texts
   *     are not trained on
   * @param tokens the most positions of each, dealt evenly to the domains; the first ones of their
   *     held-out documents
   * @param benchmarks what is measured of every checkpoint besides
   */
  public record Evaluate(
      Duration every,
      Optional<List<DocumentSource.Config>> documents,
      long tokens,
      Optional<CheckpointProbe.Config> benchmarks) {
    public Evaluate {
      Check.that(
          documents.map(given -> !given.isEmpty()).orElse(true),
          "documents",
          "must name at least one source, or be left out");
      Check.that(tokens > 0, "tokens", "must be > 0, got %s", tokens);
    }
  }

  /**
   * @param every between two checkpoints
   * @param keep how many of them stay; the last model is kept besides
   */
  public record Checkpoint(Duration every, int keep) {
    public Checkpoint {
      Check.that(keep > 0, "keep", "must be at least 1, got %s", keep);
    }
  }

  /**
   * @param prompts beginnings of text
   * @param maxNewTokens the most tokens of each continuation
   * @param sampling how each token is drawn
   */
  public record Samples(List<String> prompts, int maxNewTokens, SamplingOptions sampling) {
    public Samples {
      Check.that(maxNewTokens > 0, "max-new-tokens", "must be at least 1, got %s", maxNewTokens);
    }
  }
}
