package io.kanana.core.train;

import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.core.optimize.AdamW;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.util.ArrayList;
import java.util.List;

/** A model of some thousand weights and all that trains it. */
final class SmallRun implements AutoCloseable {
  /** What the tests vary. */
  record Settings(
      String backend,
      int threads,
      Precision precision,
      int microBatch,
      boolean recompute,
      double rate) {
    static final Settings PLAIN = new Settings("cpu", 2, Precision.F32, 4, false, 1e-2);

    Settings on(String name) {
      return new Settings(name, threads, precision, microBatch, recompute, rate);
    }

    Settings withThreads(int count) {
      return new Settings(backend, count, precision, microBatch, recompute, rate);
    }

    Settings with(Precision other) {
      return new Settings(backend, threads, other, microBatch, recompute, rate);
    }

    Settings withMicroBatch(int rows) {
      return new Settings(backend, threads, precision, rows, recompute, rate);
    }

    Settings recomputing() {
      return new Settings(backend, threads, precision, microBatch, true, rate);
    }
  }

  /**
   * What a trainer is made of besides model, optimizer and data.
   *
   * @param maxSkips this many skipped steps in a row stop the run
   */
  record Parts(
      TrainingObjective objective, LrSchedule schedule, SpikeDetector.Config spikes, int maxSkips) {
    static final Parts PLAIN =
        new Parts(
            new NextToken(new NextToken.Config(1e-5)),
            _ -> 1,
            new SpikeDetector.Config(0, 8, 2),
            1);

    Parts with(TrainingObjective other) {
      return new Parts(other, schedule, spikes, maxSkips);
    }

    Parts with(LrSchedule other) {
      return new Parts(objective, other, spikes, maxSkips);
    }

    Parts with(SpikeDetector.Config other) {
      return new Parts(objective, schedule, other, maxSkips);
    }

    Parts withMaxSkips(int steps) {
      return new Parts(objective, schedule, spikes, steps);
    }
  }

  static final int VOCABULARY = 61;
  static final int TIME = 16;
  static final int ROWS = 4;

  private final TensorBackend backend;
  private final Llama model;
  private final Optimizer optimizer;
  private final Trainer trainer;

  SmallRun(Settings settings, BatchSource data) {
    this(settings, data, Parts.PLAIN);
  }

  SmallRun(Settings settings, BatchSource data, Parts parts) {
    backend = TensorBackends.open(settings.backend, settings.threads);
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    ModelConfig shape =
        new ModelConfig(2, 32, 4, 2, 8, 64, VOCABULARY, data.contextLength(), 1e-5, rope, true);
    model = Llama.trainable(shape, settings.precision, backend);
    model.initialise(RandomKey.of(7), 0.05);
    optimizer =
        new AdamW.Config(settings.rate, 0.9, 0.95, 1e-8, 0.1, AdamW.Decay.COUPLED)
            .create(backend, model.parameters());
    trainer =
        new Trainer(
            model,
            optimizer,
            parts.schedule,
            parts.objective,
            data,
            new SpikeDetector(parts.spikes),
            new Trainer.Config(ROWS, settings.microBatch, 1, settings.recompute, parts.maxSkips),
            () -> 0);
  }

  static WalkData walk() {
    return new WalkData(VOCABULARY, TIME, 1_000_000, 3);
  }

  Llama model() {
    return model;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  /** Every weight and every moment, bit for bit. */
  List<float[]> memory() {
    List<float[]> memory = new ArrayList<>();
    model.parameters().forEach(parameter -> memory.add(backend.floats(parameter.value())));
    optimizer.state().values().forEach(moment -> memory.add(backend.floats(moment)));
    return memory;
  }

  Trainer trainer() {
    return trainer;
  }

  /** The losses of so many steps. */
  double[] losses(int steps) {
    double[] losses = new double[steps];
    for (int i = 0; i < steps; i++) {
      losses[i] = trainer.step().loss();
    }
    return losses;
  }

  @Override
  public void close() {
    optimizer.close();
    model.close();
    backend.close();
  }
}
