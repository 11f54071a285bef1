package io.kanana.pretrain.prune;

import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Progress;
import io.kanana.core.job.Stopped;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.HeldOutLoss;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.TokenBatch;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.ReshapedModel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * A model and the text that it is observed on. Passes over the text keep what they found in {@link
 * InterimResults}; asking again, in the same order, after an interruption goes on bit for bit. Not
 * safe for use by several threads.
 */
public final class Calibration implements AutoCloseable {
  /**
   * The text.
   *
   * @param data sequences, of which the first are taken
   * @param count how many at most
   * @param microBatch how many go through the model at once
   */
  public record Windows(BatchSource data, long count, int microBatch) {
    public Windows {
      Check.that(count > 0, "windows", "must be at least 1, got %s", count);
      Check.that(microBatch > 0, "micro-batch", "must be at least 1, got %s", microBatch);
      count = Math.min(count, data.epochLength());
    }

    long batches() {
      return Math.ceilDiv(count, microBatch);
    }

    TokenBatch batch(long index) {
      long first = index * microBatch;
      return data.batch(first, (int) Math.min(microBatch, count - first));
    }

    long positions() {
      return count * data.contextLength();
    }
  }

  /**
   * Where and how it is computed.
   *
   * @param nanoTime for the time that passes take
   */
  public record Machine(TensorBackend backend, Precision precision, LongSupplier nanoTime) {}

  /** The run that it is a part of. */
  public record Run(InterimResults interim, Progress progress, Cancellation cancellation) {
    /** One that nobody watches or interrupts. */
    public static Run undisturbed() {
      return new Run(InterimResults.NONE, Progress.SILENT, new Cancellation());
    }
  }

  private final ParentModel parent;
  private final Machine machine;
  private final Optional<Windows> text;
  private final RandomKey key;
  private final Run run;
  private Llama model;
  private int passes;
  private double flops;
  private double seconds;

  /**
   * @param parent stays the caller's to close
   * @param text empty where there is none, and only the weights can be looked at
   * @param key of everything random in an estimate
   */
  public Calibration(
      ParentModel parent, Machine machine, Optional<Windows> text, RandomKey key, Run run) {
    this.parent = parent;
    this.machine = machine;
    this.text = text;
    this.key = key;
    this.run = run;
  }

  public ModelConfig shape() {
    return parent.shape();
  }

  /** The model as it is stored. */
  public ParentModel parent() {
    return parent;
  }

  public TensorBackend backend() {
    return machine.backend;
  }

  public Precision precision() {
    return machine.precision;
  }

  /** The clock of what takes time. */
  public LongSupplier nanoTime() {
    return machine.nanoTime;
  }

  /**
   * The calibration text.
   *
   * @throws ConfigException if there is none
   */
  public Windows windows() {
    return text.orElseThrow(
        () ->
            new ConfigException(
                "data",
                "must name documents or tokens, since the model is to be observed on text"));
  }

  public RandomKey key() {
    return key;
  }

  /** Shows all the text to the model, and what the model computes to {@code fold}. */
  public void observe(BatchFold fold) {
    pass(fold, false);
  }

  /**
   * The same with a backward pass of the sum of the next-token cross entropy over a batch's
   * targets, so that {@link Tape#watch} shows gradients. The weights' own are not computed.
   */
  public void differentiate(BatchFold fold) {
    pass(fold, true);
  }

  private void pass(BatchFold fold, boolean gradients) {
    Windows windows = windows();
    String name = "pass-" + passes++;
    double[] spent = new double[1];
    Map<String, double[]> memory = new TreeMap<>(fold.memory());
    memory.put("seconds", spent);
    long done = run.interim.restore(name, memory);
    while (done < windows.batches()) {
      if (run.cancellation.requested()) {
        run.interim.save(name, done, memory);
        throw new Stopped();
      }
      tell(done, windows.batches());
      long start = machine.nanoTime.getAsLong();
      through(fold, windows.batch(done), gradients);
      spent[0] += (machine.nanoTime.getAsLong() - start) / 1e9;
      done++;
      if (done == windows.batches() || run.interim.isDue(done)) {
        run.interim.save(name, done, memory);
      }
    }
    account(shape(), gradients ? 2 : 1, spent[0]);
  }

  private void tell(long done, long all) {
    run.progress.status(
        String.format(Locale.ROOT, "pass %d: batch %,d of %,d", passes, done + 1, all));
  }

  private void through(BatchFold fold, TokenBatch batch, boolean gradients) {
    Llama llama = model();
    TensorBackend backend = machine.backend;
    try (Scope scope = backend.scope("calibration")) {
      Tape tape =
          gradients
              ? Tape.recording(backend.kernels(), scope)
              : Tape.forwardOnly(backend.kernels(), scope);
      Variable hidden = llama.hidden(tape, batch.input(backend, scope), fold.over(batch));
      if (gradients) {
        Tensor targets = scope.allocate(DType.I32, batch.targets().length);
        backend.write(batch.targets(), targets);
        Tensor sums = scope.zeros(backend.kernels(), DType.F64, 2);
        tape.crossEntropy(hidden, llama.head(), targets, 1, 0, sums);
        tape.backward();
      }
    }
  }

  /**
   * The model as it is, without gradients. It stays this object's to close, which {@link
   * #loss(ReshapePlan)} does to make room.
   */
  public Llama model() {
    if (model == null) {
      model = parent.load(machine.backend, machine.precision);
    }
    return model;
  }

  /** The mean next-token cross entropy over the text, in nats, of the model after a change. */
  public double loss(ReshapePlan change) {
    return find("", change, 0, () -> measure(change));
  }

  private double measure(ReshapePlan change) {
    tell("measuring " + change.target(shape()).describe());
    close(); // one model at a time
    try (Llama changed =
        ReshapedModel.of(parent, change).load(machine.backend, machine.precision)) {
      return loss(changed);
    }
  }

  /** The mean next-token cross entropy over the text, in nats, of any model. */
  public double loss(Llama any) {
    Windows windows = windows();
    return new HeldOutLoss(windows.data, windows.microBatch, windows.count).measure(any, 0).loss();
  }

  /**
   * A loss on the text of the model after a change that takes more than the change to find. It is
   * found once, also over interruptions.
   *
   * @param way how it is found, told from other ways: the same text in a resumed run
   * @param operations that it takes besides those of the measurement itself
   */
  public double find(String way, ReshapePlan change, double operations, DoubleSupplier loss) {
    windows(); // refuses where there is no text, before anything takes long
    String digest = Sha256.of((way + change).getBytes(StandardCharsets.UTF_8));
    InterimResults.Measurement found =
        run.interim.loss(digest).orElseGet(() -> timed(digest, loss));
    flops += operations;
    account(change.target(shape()), 1, found.seconds());
    return found.loss();
  }

  private InterimResults.Measurement timed(String digest, DoubleSupplier loss) {
    long start = machine.nanoTime.getAsLong();
    double value = loss.getAsDouble();
    double took = (machine.nanoTime.getAsLong() - start) / 1e9;
    InterimResults.Measurement measured = new InterimResults.Measurement(value, took);
    run.interim.keepLoss(digest, measured);
    return measured;
  }

  /**
   * Tells what is going on.
   *
   * @throws Stopped if the job was asked to stop
   */
  public void tell(String status) {
    if (run.cancellation.requested()) {
      throw new Stopped();
    }
    run.progress.status(status);
  }

  /**
   * @param thirds of the operations of a training step: a forward pass is one, gradients of
   *     activations another
   */
  private void account(ModelConfig shape, int thirds, double took) {
    double training = shape.trainingFlopsPerToken(windows().data.contextLength());
    flops += windows().positions() * training * thirds / 3;
    seconds += took;
  }

  /** Operations of all that was asked so far, whether computed in this run or before. */
  public double flops() {
    return flops;
  }

  /** Seconds that it took, in this run or before. */
  public double seconds() {
    return seconds;
  }

  /** Gives back the model's memory. */
  @Override
  public void close() {
    if (model != null) {
      model.close();
      model = null;
    }
  }
}
