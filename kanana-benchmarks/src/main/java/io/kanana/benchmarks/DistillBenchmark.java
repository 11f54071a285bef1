package io.kanana.benchmarks;

import io.kanana.core.autograd.Tape;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Llama;
import io.kanana.core.optimize.AdamW;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Divergence;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.NextToken;
import io.kanana.core.train.RandomTokens;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.Trainer;
import io.kanana.core.train.TrainingObjective;
import io.kanana.pretrain.distill.Distillation;
import io.kanana.pretrain.distill.LiveTeacher;
import io.kanana.pretrain.distill.LossConfig;
import java.util.Optional;

/**
 * A step of a student beside a teacher, and what both cost alone: a step of the same student on
 * next tokens, and the teacher's forward pass with its logits. The three take turns, so that a
 * machine that slows down slows all of them.
 */
final class DistillBenchmark implements AutoCloseable {
  private static final AdamW.Config ADAM_W =
      new AdamW.Config(1e-4, 0.9, 0.95, 1e-8, 0.1, AdamW.Decay.COUPLED);

  /**
   * What is asked for.
   *
   * @param topK tokens of the teacher; 0 for all
   * @param rounds of one step of each kind, after as many that are not timed
   */
  record Plan(
      BenchmarkShape student,
      BenchmarkShape teacher,
      BackendArguments.Operands operands,
      Divergence divergence,
      int topK,
      int rounds) {
    Plan {
      if (rounds < 1) {
        throw new ConfigException("--steps", "must be at least 1, got " + rounds);
      }
      int wanted = student.model().vocabularySize();
      int found = teacher.model().vocabularySize();
      if (wanted != found) {
        throw new ConfigException(
            "--teacher", "must have the student's vocabulary of " + wanted + ", got " + found);
      }
      if (teacher.context() < student.context()) {
        throw new ConfigException(
            "--teacher", "must have a context of at least the student's " + student.context());
      }
    }

    private LossConfig loss() {
      return new LossConfig(divergence, 0.5, 1, 0, 0, topK, TeacherRest.BUCKET, Optional.empty());
    }
  }

  /**
   * Medians of the rounds, in seconds, and the pool's largest sizes.
   *
   * @param poolAlone the most bytes that the back end's pool held before the first step of both
   * @param poolTogether the same after the last one
   */
  record Measured(
      double student, double teacher, double distillation, long poolAlone, long poolTogether) {
    /** The cost of a step, over that of its parts. */
    double ratio() {
      return distillation / (student + teacher);
    }
  }

  private final Plan plan;
  private final TensorBackend backend;
  private final Llama student;
  private final Llama teacher;
  private final Optimizer optimizer;
  private final RandomTokens data;
  private final Trainer alone;
  private final Trainer together;

  private DistillBenchmark(Plan plan, TensorBackend backend) {
    this.plan = plan;
    this.backend = backend;
    this.student = Llama.trainable(plan.student.model(), plan.operands.precision(), backend);
    this.teacher = Llama.frozen(plan.teacher.model(), plan.operands.precision(), backend);
    student.initialise(RandomKey.of(1), 0.02);
    teacher.initialise(RandomKey.of(2), 0.02);
    this.optimizer = ADAM_W.create(backend, student.parameters());
    int vocabulary = plan.student.model().vocabularySize();
    this.data = new RandomTokens(plan.student.context(), vocabulary, plan.student.batch());
    this.alone = trainer(new NextToken(new NextToken.Config(0)));
    this.together = trainer(new Distillation(plan.loss(), new LiveTeacher(teacher, plan.loss())));
  }

  private Trainer trainer(TrainingObjective objective) {
    int rows = plan.student.batch();
    return new Trainer(
        student,
        optimizer,
        step -> 1,
        objective,
        data,
        new SpikeDetector(new SpikeDetector.Config(0, 2, 2)),
        new Trainer.Config(rows, rows, 1.0, false, 10),
        System::nanoTime);
  }

  /** Runs the plan on a back end, which stays open. */
  static Measured run(Plan plan, TensorBackend backend) {
    try (DistillBenchmark benchmark = new DistillBenchmark(plan, backend)) {
      return benchmark.measure();
    }
  }

  private Measured measure() {
    for (int i = 0; i < plan.rounds; i++) {
      alone.step();
      teach();
    }
    long poolAlone = backend.pool().peakBytes();
    for (int i = 0; i < plan.rounds; i++) {
      together.step();
    }
    double[][] seconds = new double[3][plan.rounds];
    for (int i = 0; i < plan.rounds; i++) {
      seconds[0][i] = alone.step().seconds();
      seconds[1][i] = teach();
      seconds[2][i] = together.step().seconds();
    }
    return new Measured(
        Median.of(seconds[0]),
        Median.of(seconds[1]),
        Median.of(seconds[2]),
        poolAlone,
        backend.pool().peakBytes());
  }

  /** The teacher's forward pass, with its logits in a loss without gradients. */
  private double teach() {
    long begun = System.nanoTime();
    TokenBatch batch = data.batch(0, plan.student.batch());
    TrainingObjective objective = new NextToken(new NextToken.Config(0));
    try (Scope scope = backend.scope("teacher")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, objective.terms().size());
      objective.accumulate(
          new TrainingObjective.Forward(teacher, tape, 0, false),
          batch,
          batch.input(backend, scope),
          1,
          sums);
      backend.read(sums, new double[objective.terms().size()]); // waits
      return (System.nanoTime() - begun) / 1e9;
    }
  }

  @Override
  public void close() {
    optimizer.close();
    teacher.close();
    student.close();
  }
}
