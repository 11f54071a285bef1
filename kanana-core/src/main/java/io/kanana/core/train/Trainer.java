package io.kanana.core.train;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Tape;
import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.NumericalException;
import io.kanana.core.model.Llama;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Trains a model step by step. {@link #step} is the algorithm; everything about a run around it
 * (schedule of checkpoints, listeners, evaluation) is {@link TrainingRun}'s.
 *
 * <p>A step is a pure function of the weights, the optimizer's state and {@link #state}, so a run
 * that is continued from all three is bit for bit the run that was never interrupted (on the same
 * machine, back end and number of threads). Not safe for use by several threads.
 */
public final class Trainer {
  /**
   * @param batches rows of the batch of each update
   * @param microBatch rows that go through the model at once; never changes the loss, only rounding
   * @param maxGradientNorm gradients whose global norm is larger are scaled down to it
   * @param recompute layers are computed again in the backward pass instead of kept
   * @param maxConsecutiveSkips this many skipped steps in a row stop the run
   */
  public record Config(
      BatchSizes batches,
      int microBatch,
      double maxGradientNorm,
      boolean recompute,
      int maxConsecutiveSkips) {
    public Config {
      Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
      Check.that(maxGradientNorm > 0, "max-gradient-norm", "must be > 0, got %s", maxGradientNorm);
      Check.that(
          maxConsecutiveSkips > 0,
          "max-consecutive-skips",
          "must be at least 1, got %s",
          maxConsecutiveSkips);
    }

    /** With batches of one size, which is what most programs want. */
    public Config(
        int sequencesPerStep,
        int microBatch,
        double maxGradientNorm,
        boolean recompute,
        int maxConsecutiveSkips) {
      this(
          BatchSizes.constant(sequencesPerStep),
          microBatch,
          maxGradientNorm,
          recompute,
          maxConsecutiveSkips);
    }
  }

  /** PyTorch's guard against a division by zero in clipping; kept so that results compare. */
  private static final double CLIP_EPSILON = 1e-6;

  private static final String NO_TARGETS = "no targets";

  private final Llama model;
  private final Optimizer optimizer;
  private final LrSchedule schedule;
  private final TrainingObjective objective;
  private final BatchSource data;
  private final Config config;
  private final LongSupplier nanoClock;
  private final TensorBackend backend;
  private final SpikeDetector spikes;
  private TrainingState state;

  public Trainer(
      Llama model,
      Optimizer optimizer,
      LrSchedule schedule,
      TrainingObjective objective,
      BatchSource data,
      SpikeDetector spikes,
      Config config,
      LongSupplier nanoClock) {
    this.model = model;
    this.optimizer = optimizer;
    this.schedule = schedule;
    this.objective = objective;
    this.data = data;
    this.spikes = spikes;
    this.config = config;
    this.nanoClock = nanoClock;
    this.backend = model.backend();
    this.state = new TrainingState(0, 0, 0, 0, 0, spikes.state(), data.fingerprint(), 0, 0);
  }

  /** What an optimizer of a training updates: the model's parameters, then the objective's own. */
  public static List<Parameter> parameters(Llama model, TrainingObjective objective) {
    return Stream.concat(model.parameters().stream(), objective.parameters().stream()).toList();
  }

  public TrainingState state() {
    return state;
  }

  public Llama model() {
    return model;
  }

  /**
   * Continues from a saved state; weights and the optimizer's tensors have been read back by the
   * caller.
   */
  public void restore(TrainingState saved) {
    if (!saved.dataFingerprint().equals(data.fingerprint())) {
      throw new ConfigException(
          "",
          String.format(
              Locale.ROOT,
              "the run was trained on other data (fingerprint %s, now %s); resume with the same documents, tokenizer and mixture",
              saved.dataFingerprint(),
              data.fingerprint()));
    }
    long tokens = config.batches.before(saved.step()) * data.contextLength();
    if (saved.tokens() != tokens) {
      throw new ConfigException(
          "",
          String.format(
              Locale.ROOT,
              "the run has made %d steps of %d tokens in all, but they would be %d tokens now, so the data would not go on where they stopped; resume with steps as large as they were",
              saved.step(),
              saved.tokens(),
              tokens));
    }
    optimizer.restore(saved.updates());
    spikes.restore(saved.spikes());
    state = saved;
  }

  /** One update of the weights from one batch. */
  public StepReport step() {
    long start = nanoClock.getAsLong();
    List<TokenBatch> microBatches = collectMicroBatches();
    long targets = microBatches.stream().mapToLong(objective::targets).sum();
    clearGradients();
    double[] sums = forwardAndBackward(microBatches, 1.0 / Math.max(1, targets));
    double loss = targets == 0 ? Double.NaN : objective.loss(sums, targets);
    double norm = gradientNorm();
    double factor = schedule.factor(state.step() + 1);
    String fault = targets == 0 ? NO_TARGETS : spikes.check(loss, norm);
    if (fault.isEmpty()) {
      optimizer.update(factor, clip(norm));
    }
    makeRoomForOtherSizes();
    double seconds = (nanoClock.getAsLong() - start) / 1e9;
    return advance(loss, terms(sums, targets), norm, factor, fault, seconds);
  }

  /** What tensors of this step's sizes leave behind is of no use to a larger step. */
  private void makeRoomForOtherSizes() {
    if (config.batches.at(state.step() + 1) != config.batches.at(state.step())) {
      backend.pool().trim();
    }
  }

  private List<TokenBatch> collectMicroBatches() {
    List<TokenBatch> microBatches = new ArrayList<>();
    long first = config.batches.before(state.step());
    int size = config.batches.at(state.step());
    for (int row = 0; row < size; row += config.microBatch) {
      int rows = Math.min(config.microBatch, size - row);
      microBatches.add(data.batch(first + row, rows));
    }
    return microBatches;
  }

  private double[] forwardAndBackward(List<TokenBatch> microBatches, double scale) {
    long sequence = config.batches.before(state.step());
    TrainingObjective ofStep = objective.forStep(model, microBatches, sequence);
    try (Scope step = backend.scope("step")) {
      Tensor sums = step.zeros(backend.kernels(), DType.F64, objective.terms().size());
      for (TokenBatch batch : microBatches) {
        try (Scope scope = backend.scope("micro-batch")) {
          Tape tape = Tape.recording(backend.kernels(), scope);
          ofStep.accumulate(
              new TrainingObjective.Forward(model, tape, sequence, config.recompute),
              batch,
              batch.input(backend, scope),
              scale,
              sums);
          tape.backward();
        }
        sequence += batch.rows();
      }
      return backend.doubles(sums);
    }
  }

  private void clearGradients() {
    model.clearGradients();
    objective.parameters().forEach(own -> backend.kernels().fill(own.gradient(), 0));
  }

  private Stream<Parameter> trained() {
    return parameters(model, objective).stream().filter(Parameter::trained);
  }

  private double gradientNorm() {
    try (Scope scope = backend.scope("gradient norm")) {
      Tensor sum = scope.zeros(backend.kernels(), DType.F64, 1);
      trained().forEach(parameter -> backend.kernels().sumOfSquares(parameter.gradient(), sum));
      return Math.sqrt(backend.doubles(sum)[0]);
    }
  }

  private double clip(double norm) {
    return Math.min(1, config.maxGradientNorm / (norm + CLIP_EPSILON));
  }

  private Map<String, Double> terms(double[] sums, long targets) {
    Map<String, Double> terms = new LinkedHashMap<>();
    for (int i = 0; i < sums.length; i++) {
      terms.put(objective.terms().get(i), sums[i] / targets);
    }
    return terms;
  }

  private StepReport advance(
      double loss,
      Map<String, Double> terms,
      double norm,
      double factor,
      String fault,
      double seconds) {
    long positions = (long) config.batches.at(state.step()) * data.contextLength();
    double flops = positions * flopsPerToken();
    boolean updated = fault.isEmpty();
    state =
        new TrainingState(
            state.step() + 1,
            state.tokens() + positions,
            optimizer.updates(),
            skippedInARow(fault),
            state.skipped() + (updated ? 0 : 1),
            spikes.state(),
            state.dataFingerprint(),
            state.seconds() + seconds,
            state.flops() + flops);
    double rate = optimizer.learningRate(factor);
    return new StepReport(
        state.step(), state.tokens(), loss, terms, norm, rate, fault, flops, seconds);
  }

  private double flopsPerToken() {
    double whole = objective.flopsPerToken(model.config(), data.contextLength());
    return model
        .adapters()
        .map(adapters -> whole + adapters.shape().addedFlopsPerToken(model.config()))
        .orElse(whole);
  }

  private int skippedInARow(String fault) {
    boolean expected = fault.equals(NO_TARGETS) && objective.mayBeEmpty();
    return fault.isEmpty() || expected ? 0 : state.skippedInARow() + 1;
  }

  /** Whether so many steps in a row were skipped that going on is pointless. */
  public boolean isStuck() {
    return state.skippedInARow() >= config.maxConsecutiveSkips;
  }

  /**
   * Refuses to go on when stuck; asked after the last report went out and a checkpoint was written.
   */
  public void checkProgress(StepReport last) {
    if (isStuck()) {
      throw new NumericalException(
          String.format(
              Locale.ROOT,
              "step %d: %s; %d steps in a row were skipped (at most %d); lower the learning rate or look at the data of these steps",
              last.step(),
              last.skipped(),
              state.skippedInARow(),
              config.maxConsecutiveSkips - 1));
    }
  }
}
