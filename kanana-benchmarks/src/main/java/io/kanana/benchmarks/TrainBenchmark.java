package io.kanana.benchmarks;

import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Llama;
import io.kanana.core.optimize.AdamW;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.StepReport;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.Trainer;
import java.util.List;
import java.util.OptionalLong;

/** Whole training steps of {@link Trainer}, timed; then some more with each kernel timed. */
final class TrainBenchmark implements AutoCloseable {
  private static final int BREAKDOWN_STEPS = 5;
  private static final AdamW.Config ADAM_W =
      new AdamW.Config(1e-4, 0.9, 0.95, 1e-8, 0.1, AdamW.Decay.COUPLED);

  /**
   * What is asked for.
   *
   * @param warmUp steps that are not timed: they compile the code and fill the pool
   */
  record Plan(
      BenchmarkShape shape,
      Lesson.Kind lesson,
      BackendArguments.Operands operands,
      int threads,
      int warmUp,
      int steps) {
    Plan {
      if (steps < 1) {
        throw new ConfigException("--steps", "must be at least 1, got " + steps);
      }
      if (warmUp < 0) {
        throw new ConfigException("--warm-up", "must be at least 0, got " + warmUp);
      }
    }
  }

  /**
   * What was seen.
   *
   * @param batch what the first step learnt
   * @param documentTokens of each step, without padding
   * @param seconds of each timed step
   * @param heapBytes that each timed step asked for
   * @param poolGrowth bytes by which the back end's pool of tensors grew over the timed steps
   * @param residentGrowth bytes by which the process's resident memory grew over the timed steps
   * @param peakResident the most memory that was resident, model making and warm-up included
   * @param poolPeak the most bytes that the pool held
   * @param breakdown of {@code breakdownSeconds.length} further steps
   */
  record Measured(
      String backend,
      String description,
      TokenBatch batch,
      long documentTokens,
      double[] seconds,
      long[] heapBytes,
      long poolGrowth,
      OptionalLong residentGrowth,
      OptionalLong peakResident,
      long poolPeak,
      StepReport last,
      double[] breakdownSeconds,
      List<KernelTimes.Row> breakdown) {}

  private final Plan plan;
  private final TimedBackend backend;
  private final Llama model;
  private final Optimizer optimizer;
  private final Lesson lesson;
  private final Trainer trainer;

  private TrainBenchmark(Plan plan, TensorBackend opened) {
    this.plan = plan;
    this.backend = new TimedBackend(opened, System::nanoTime);
    this.model = Llama.trainable(plan.shape.model(), plan.operands.precision(), backend);
    model.initialise(RandomKey.of(1), 0.02);
    this.optimizer = ADAM_W.create(backend, model.parameters());
    this.lesson = Lesson.of(plan.lesson, plan.shape, model);
    this.trainer = trainer();
  }

  private Trainer trainer() {
    int rows = lesson.rows();
    return new Trainer(
        model,
        optimizer,
        step -> 1,
        lesson.objective(),
        lesson.data(),
        new SpikeDetector(new SpikeDetector.Config(0, 2, 2)),
        new Trainer.Config(rows, rows, 1.0, false, 10),
        System::nanoTime);
  }

  /** Runs the plan on a back end, which stays open. */
  static Measured run(Plan plan, TensorBackend backend) {
    try (TrainBenchmark benchmark = new TrainBenchmark(plan, backend)) {
      return benchmark.measure();
    }
  }

  private Measured measure() {
    for (int i = 0; i < plan.warmUp; i++) {
      trainer.step();
    }
    double[] seconds = new double[plan.steps];
    long[] heap = new long[plan.steps];
    long pool = backend.pool().heldBytes();
    OptionalLong resident = ProcessMemory.residentBytes();
    StepReport last = null;
    for (int i = 0; i < plan.steps; i++) {
      long allocated = ProcessMemory.allocatedBytes();
      last = trainer.step();
      heap[i] = ProcessMemory.allocatedBytes() - allocated;
      seconds[i] = last.seconds();
    }
    long poolGrowth = backend.pool().heldBytes() - pool;
    OptionalLong residentGrowth = growth(resident, ProcessMemory.residentBytes());
    OptionalLong peak = ProcessMemory.peakResidentBytes();
    KernelTimes times = new KernelTimes();
    double[] breakdown = breakDown(times);
    return new Measured(
        backend.name(),
        backend.description(),
        lesson.batch(),
        lesson.documentTokens(),
        seconds,
        heap,
        poolGrowth,
        residentGrowth,
        peak,
        backend.pool().peakBytes(),
        last,
        breakdown,
        times.rows());
  }

  private static OptionalLong growth(OptionalLong before, OptionalLong after) {
    return before.isPresent() && after.isPresent()
        ? OptionalLong.of(after.getAsLong() - before.getAsLong())
        : OptionalLong.empty();
  }

  /** The first of these steps compiles the decorator and is not counted. */
  private double[] breakDown(KernelTimes times) {
    backend.record(new KernelTimes());
    trainer.step();
    backend.record(times);
    double[] seconds = new double[Math.min(plan.steps, BREAKDOWN_STEPS)];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = trainer.step().seconds();
    }
    backend.stop();
    return seconds;
  }

  @Override
  public void close() {
    optimizer.close();
    model.close();
  }
}
