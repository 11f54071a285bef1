package io.kanana.core.train;

import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.AdamW;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Trains a small model on random tokens beside other work, so that the virtual machine has compiled
 * the kernels by the time a run's own first step needs them. Uncompiled, vector code is some
 * hundred times slower: the first step of a small model takes three times as long as its second.
 *
 * <p>It has a back end of its own with one thread, and nothing of what it computes is kept.
 */
public final class WarmUp implements AutoCloseable {
  /** By then all is compiled. */
  private static final int STEPS = 8;

  private static final int POSITIONS = 512;
  private static final int VOCABULARY = 512;
  private static final int WIDTH = 256;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("warm-up").factory());
  private final Future<?> steps;
  private volatile boolean stopping;

  private WarmUp(ModelConfig model, Precision precision, String backend) {
    this.steps = thread.submit(() -> run(model, precision, backend));
  }

  /**
   * Begins in a thread of its own.
   *
   * @param model what will be trained: the small model has its kinds of layers
   * @param backend the name of the back end that will train it
   */
  public static WarmUp start(ModelConfig model, Precision precision, String backend) {
    return new WarmUp(small(model), precision, backend);
  }

  private static ModelConfig small(ModelConfig model) {
    int heads = model.kvHeads() == model.heads() ? 1 : 2;
    return new ModelConfig(
        1,
        WIDTH,
        heads,
        1,
        model.headDim(),
        2 * WIDTH,
        VOCABULARY,
        Math.min(POSITIONS, model.contextLength()),
        model.normEpsilon(),
        model.rope(),
        model.tiedEmbeddings());
  }

  private void run(ModelConfig shape, Precision precision, String name) {
    try (TensorBackend backend = TensorBackends.open(name, 1);
        Llama model = Llama.trainable(shape, precision, backend);
        Optimizer optimizer =
            new AdamW.Config(1e-3, 0.9, 0.95, 1e-8, 0.1, AdamW.Decay.COUPLED)
                .create(backend, model.parameters())) {
      model.initialise(RandomKey.of(1), 0.02);
      Trainer trainer = trainer(model, optimizer);
      for (int step = 0; step < STEPS && !stopping; step++) {
        trainer.step();
      }
    }
  }

  private static Trainer trainer(Llama model, Optimizer optimizer) {
    return new Trainer(
        model,
        optimizer,
        step -> 1,
        new NextToken(new NextToken.Config(0)),
        new RandomTokens(model.config().contextLength(), model.config().vocabularySize(), 1),
        new SpikeDetector(new SpikeDetector.Config(0, 2, 2)),
        new Trainer.Config(1, 1, 1.0, false, 10),
        System::nanoTime);
  }

  /** Waits for the step under way; throws what went wrong. */
  @Override
  public void close() {
    stopping = true;
    thread.close();
    if (steps.state() == Future.State.FAILED) {
      switch (steps.exceptionNow()) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new AssertionError(e);
      }
    }
  }
}
