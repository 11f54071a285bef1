package io.kanana.core.tensor.cpu;

import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.cpu.Heads.Linear;
import io.kanana.core.tensor.cpu.Heads.RowLoss;
import java.util.function.Function;

/** Heads of students and teachers: what is done to a row of their logits. */
final class Distillation implements AutoCloseable {
  /** Takes the place of a logit that is set aside; any exponential of it is 0. */
  private static final float ASIDE = -Float.MAX_VALUE;

  /** The logarithm of what is left to other tokens where there are none. */
  private static final float NOTHING = -1e30f;

  private final Heads heads;
  private final Scratch sumsBlock;
  private final Scratch[] rowBlocks;

  Distillation(Heads heads, CpuMemory memory, Scratch[] rowBlocks) {
    this.heads = heads;
    this.sumsBlock = new Scratch(memory);
    this.rowBlocks = rowBlocks;
  }

  @Override
  public void close() {
    sumsBlock.close();
  }

  /** A teacher's most probable tokens: ids and logarithms [N, k], and those of the rest [N]. */
  record Top(Tensor ids, Tensor logProbabilities, Tensor logRest) {
    int count() {
      return ids.dim(1);
    }

    long ids(int row) {
      return CpuMemory.address(ids) + 4L * count() * row;
    }

    long logProbabilities(int row) {
      return CpuMemory.address(logProbabilities) + 4L * count() * row;
    }

    long logRest(int row) {
      return CpuMemory.address(logRest) + 4L * row;
    }
  }

  // ---- the teacher's side ---------------------------------------------------------------------

  void topProbabilities(
      Tensor hidden,
      Tensor weight,
      double temperature,
      Tensor ids,
      Tensor logProbabilities,
      Tensor logRest) {
    Linear head = Linear.of(hidden, weight);
    Top top = new Top(ids, logProbabilities, logRest);
    float factor = (float) (1 / temperature);
    RowLoss find =
        (row, logits, teacher, worker) -> topRow(logits, head.vocabulary(), factor, top, row);
    heads.run(head, null, find, 0, 0);
  }

  private static void topRow(long logits, int vocabulary, float factor, Top top, int row) {
    int k = top.count();
    long ids = top.ids(row);
    long values = top.logProbabilities(row);
    TopTokens.find(logits, vocabulary, ids, values, k);
    double largest = (double) Lanes.f32(values) * factor;
    double listed = 0;
    for (int j = 0; j < k; j++) {
      listed += Math.exp((double) Lanes.f32(values + 4L * j) * factor - largest);
    }
    boolean all = k == vocabulary;
    double rest = all ? NOTHING : restLogSumExp(logits, vocabulary, factor, ids, k) - largest;
    double total = all ? listed : listed + Math.exp(rest);
    for (int j = 0; j < k; j++) {
      double log = (double) Lanes.f32(values + 4L * j) * factor - largest - Math.log(total);
      Lanes.f32(values + 4L * j, (float) log);
    }
    Lanes.f32(top.logRest(row), all ? NOTHING : (float) (rest - Math.log(total)));
  }

  /** Sets the listed logits aside; what is left of others becomes their exponentials. */
  private static double restLogSumExp(long logits, int vocabulary, float factor, long ids, int k) {
    for (int j = 0; j < k; j++) {
      Lanes.f32(logits + 4L * Lanes.i32(ids + 4L * j), ASIDE);
    }
    return HeadKernels.logSumExp(logits, logits, vocabulary, factor);
  }

  // ---- the student's side ---------------------------------------------------------------------

  /**
   * The loss, and where its terms go.
   *
   * @param apart whether the cross entropy is of another distribution than the divergence, so that
   *     it is computed apart from it
   */
  private record Losses(
      DistillationLoss loss,
      boolean apart,
      int vocabulary,
      boolean gradient,
      long targets,
      long terms) {
    boolean isIgnored(int row) {
      return Lanes.i32(targets + 4L * row) == Kernels.IGNORED;
    }

    float factor() {
      return (float) (1 / loss.temperature());
    }

    DivergenceRow divergence() {
      return new DivergenceRow(loss, !apart);
    }

    void put(int row, double divergence, double logSumExp, float own) {
      long at = terms + 8L * DistillationLoss.SUMS * row;
      Lanes.f64(at + 8L * DistillationLoss.DIVERGENCE, divergence);
      Lanes.f64(at + 8L * DistillationLoss.CROSS_ENTROPY, logSumExp - own);
      Lanes.f64(at + 8L * DistillationLoss.SQUARED_LOG_Z, logSumExp * logSumExp);
    }

    void putNothing(int row, long logits) {
      Lanes.zero(terms + 8L * DistillationLoss.SUMS * row, 8L * DistillationLoss.SUMS);
      Lanes.zero(logits, 4L * vocabulary);
    }

    long target(int row, long logits) {
      return logits + 4L * Lanes.i32(targets + 4L * row);
    }

    /**
     * Adds the gradient of the cross entropy to that of the divergence.
     *
     * @param exponentials of the logits, or 0 where they are in it already
     */
    void addCrossEntropy(int row, long dLogits, long exponentials, double logSumExp) {
      double scale = loss.crossEntropyScale();
      if (!gradient || scale == 0) {
        return;
      }
      if (apart) {
        double slope = scale * (1 + 2 * loss.zLoss() * logSumExp);
        double sum = HeadKernels.sum(exponentials, vocabulary);
        HeadKernels.addScaled(exponentials, dLogits, vocabulary, (float) (slope / sum));
      }
      long at = target(row, dLogits);
      Lanes.f32(at, (float) (Lanes.f32(at) - scale));
    }
  }

  /** Turns the logits of a row into their gradient; some memory of its own in {@code scratch}. */
  private interface StudentRow {
    /** The divergence; the student's log-sum-exp is put at {@code logSumExp}. */
    double apply(int row, long logits, long teacher, long scratch, long logSumExp);
  }

  private void run(
      DistillationLoss loss,
      boolean apart,
      Linear head,
      Linear teacher,
      long rowBytes,
      Function<Losses, StudentRow> rows,
      Tensor targets,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight) {
    Losses losses =
        new Losses(
            loss,
            apart,
            head.vocabulary(),
            dHidden != null,
            Heads.targets("distillation", targets, head.vocabulary()),
            sumsBlock.bytes(8L * DistillationLoss.SUMS * head.rows()));
    StudentRow student = rows.apply(losses);
    RowLoss rowLoss =
        (row, logits, teacherLogits, worker) -> {
          if (losses.isIgnored(row)) {
            losses.putNothing(row, logits);
          } else {
            long apartBytes = apart ? 4L * head.vocabulary() : 0;
            long scratch = rowBlocks[worker].bytes(rowBytes + apartBytes + 8);
            loss(losses, student, row, logits, teacherLogits, scratch, rowBytes);
          }
        };
    heads.run(head, teacher, rowLoss, Heads.addressOrZero(dHidden), Heads.addressOrZero(dWeight));
    addSums(losses, head.rows(), sums);
  }

  private static void loss(
      Losses losses,
      StudentRow student,
      int row,
      long logits,
      long teacher,
      long scratch,
      long rowBytes) {
    float own = Lanes.f32(losses.target(row, logits));
    long result = scratch;
    long exponentials = scratch + 8 + rowBytes;
    double logSumExp =
        losses.apart ? HeadKernels.logSumExp(logits, exponentials, losses.vocabulary, 1) : 0;
    double divergence = student.apply(row, logits, teacher, scratch + 8, result);
    logSumExp = losses.apart ? logSumExp : Lanes.f64(result);
    losses.addCrossEntropy(row, logits, exponentials, logSumExp);
    losses.put(row, divergence, logSumExp, own);
  }

  private static void addSums(Losses losses, int rows, Tensor sums) {
    for (int i = 0; i < DistillationLoss.SUMS; i++) {
      long stride = 8L * DistillationLoss.SUMS;
      Heads.addSum(losses.terms + 8L * i, rows, stride, CpuMemory.address(sums) + 8L * i);
    }
  }

  void byAll(
      DistillationLoss loss,
      Tensor hidden,
      Tensor weight,
      Tensor teacherHidden,
      Tensor teacherWeight,
      Tensor targets,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight) {
    Linear head = Linear.of(hidden, weight);
    int n = head.vocabulary();
    run(
        loss,
        loss.temperature() != 1,
        head,
        Linear.of(teacherHidden, teacherWeight),
        DivergenceRow.bytes(n),
        losses ->
            (row, logits, teacher, scratch, logSumExp) -> {
              float factor = losses.factor();
              DivergenceRow kernel = losses.divergence();
              double value = kernel.apply(logits, teacher, n, factor, scratch, losses.gradient);
              Lanes.f64(logSumExp, DivergenceRow.logSumExp(scratch, n));
              return value;
            },
        targets,
        sums,
        dHidden,
        dWeight);
  }

  void byTop(
      DistillationLoss loss,
      TeacherRest rest,
      Tensor hidden,
      Tensor weight,
      Top top,
      Tensor targets,
      Tensor sums,
      Tensor dHidden,
      Tensor dWeight) {
    Linear head = Linear.of(hidden, weight);
    boolean all = top.count() == head.vocabulary();
    checkIds(top, targets, head.vocabulary());
    run(
        loss,
        loss.temperature() != 1 || (rest == TeacherRest.DROPPED && !all),
        head,
        null,
        outcomesBytes(top.count() + 1),
        losses ->
            (row, logits, teacher, scratch, logSumExp) ->
                new Outcomes(losses, all ? TeacherRest.DROPPED : rest, top, row)
                    .apply(logits, scratch, logSumExp),
        targets,
        sums,
        dHidden,
        dWeight);
  }

  private static void checkIds(Top top, Tensor targets, int vocabulary) {
    long wanted = CpuMemory.address(targets);
    for (int row = 0; row < top.ids.dim(0); row++) {
      if (Lanes.i32(wanted + 4L * row) != Kernels.IGNORED) {
        ElementKernels.checkIndices(
            "linearTopDivergence", top.ids(row), top.count(), 0, vocabulary);
      }
    }
  }

  /** Logits of both sides' outcomes, and what {@link DivergenceRow} needs for them. */
  private static long outcomesBytes(int count) {
    return 8L * count + DivergenceRow.bytes(count);
  }

  /**
   * A row in which the listed tokens are outcomes, and with a bucket all others are one: its logit
   * is their log-sum-exp, and its gradient falls to them by their share of it.
   */
  private record Outcomes(Losses losses, TeacherRest rest, Top top, int row) {
    boolean hasBucket() {
      return rest != TeacherRest.DROPPED;
    }

    int count() {
      return top.count() + (hasBucket() ? 1 : 0);
    }

    private long logit(long logits, int j) {
      return logits + 4L * Lanes.i32(top.ids(row) + 4L * j);
    }

    double apply(long logits, long scratch, long logSumExp) {
      int n = count();
      long teacher = scratch + 4L * n;
      double others = gather(logits, scratch, teacher);
      long working = teacher + 4L * n;
      double value = losses.divergence().apply(scratch, teacher, n, 1, working, losses.gradient);
      if (losses.gradient) {
        spread(scratch, others, logits);
      }
      Lanes.f64(logSumExp, DivergenceRow.logSumExp(working, n));
      return value;
    }

    /** Collects logits; those of the bucket become exponentials, whose sum is returned. */
    private double gather(long logits, long own, long teacher) {
      int k = top.count();
      float factor = losses.factor();
      for (int j = 0; j < k; j++) {
        Lanes.f32(own + 4L * j, factor * Lanes.f32(logit(logits, j)));
        Lanes.f32(logit(logits, j), ASIDE);
      }
      Lanes.copy(top.logProbabilities(row), teacher, 4L * k);
      if (!hasBucket()) {
        return 1;
      }
      float max = HeadKernels.exponentials(logits, logits, losses.vocabulary, factor);
      double sum = HeadKernels.sum(logits, losses.vocabulary);
      Lanes.f32(own + 4L * k, (float) (max + Math.log(sum)));
      boolean known = rest == TeacherRest.BUCKET;
      Lanes.f32(teacher + 4L * k, known ? Lanes.f32(top.logRest(row)) : NOTHING);
      return sum;
    }

    private void spread(long byOutcome, double sum, long logits) {
      int k = top.count();
      if (hasBucket()) {
        float share = (float) (Lanes.f32(byOutcome + 4L * k) / sum);
        ElementKernels.scale(logits, losses.vocabulary, share);
      } else {
        Lanes.zero(logits, 4L * losses.vocabulary);
      }
      for (int j = 0; j < k; j++) {
        Lanes.f32(logit(logits, j), Lanes.f32(byOutcome + 4L * j));
      }
    }
  }
}
