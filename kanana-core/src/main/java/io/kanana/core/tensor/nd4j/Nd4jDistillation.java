package io.kanana.core.tensor.nd4j;

import static io.kanana.core.tensor.nd4j.Cuts.array;
import static io.kanana.core.tensor.nd4j.Cuts.column;
import static io.kanana.core.tensor.nd4j.Cuts.vector;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.DistillationLoss;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.TeacherRest;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Heads of students and teachers, a chunk of rows at a time. */
final class Nd4jDistillation {
  /** Stands for the logarithm of no probability, or for that of one that is set aside. */
  private static final double NOTHING = -1e30;

  /** Added to a mixture, so that what neither side has has a logarithm. */
  private static final double LEAST = 1e-37;

  private final TensorBackend backend;

  Nd4jDistillation(TensorBackend backend) {
    this.backend = backend;
  }

  /** A teacher's most probable tokens: ids and logarithms [N, k], and those of the rest [N]. */
  record Top(Tensor ids, Tensor logProbabilities, Tensor logRest) {
    int count() {
      return ids.dim(1);
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
    Top top = new Top(ids, logProbabilities, logRest);
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray w = temporaries.f32(weight);
      HeadChunk.forEach(
          backend,
          hidden,
          weight,
          chunk -> {
            INDArray h = chunk.temporaries().f32(chunk.of(hidden));
            INDArray logs = chunk.logits(h, w).divi(temperature);
            INDArray _ = chunk.logSoftmax(logs);
            putTop(chunk, logs, top);
          });
    }
  }

  /** The largest again and again, each set aside when it is found: ND4J's own takes minutes. */
  private void putTop(HeadChunk chunk, INDArray logs, Top top) {
    int k = top.count();
    int[] ids = new int[chunk.rows() * k];
    int[] found = new int[chunk.rows()];
    Tensor largest = chunk.temporaries().tensor(DType.I32, chunk.rows());
    Tensor values = chunk.of(top.logProbabilities);
    for (int j = 0; j < k; j++) {
      Ops.argMax(logs, vector(largest));
      backend.read(largest, found);
      Listed listed = new Listed(chunk, flat(chunk, largest.reshape(chunk.rows(), 1), null), 1);
      Cuts.block(values, j, chunk.rows(), 1).assign(listed.of(logs));
      listed.setAside(logs);
      for (int row = 0; row < found.length; row++) {
        ids[row * k + j] = found[row];
      }
    }
    backend.write(ids, chunk.of(top.ids));
    boolean all = k == chunk.vocabulary();
    INDArray rest = all ? chunk.narrow().assign(NOTHING) : chunk.logSoftmax(logs);
    column(chunk.ofColumn(top.logRest)).assign(rest);
  }

  /** Where the listed logits of a chunk stand among all of it; any that do in an ignored row. */
  private Tensor flat(HeadChunk chunk, Tensor ids, Tensor targets) {
    int[] places = new int[Math.toIntExact(ids.size())];
    backend.read(ids, places);
    int k = ids.dim(1);
    int[] wanted = new int[chunk.rows()];
    if (targets != null) {
      backend.read(chunk.ofColumn(targets), wanted);
    }
    for (int i = 0; i < places.length; i++) {
      int row = i / k;
      int id = wanted[row] == Kernels.IGNORED ? i % k : places[i];
      places[i] = row * chunk.vocabulary() + id;
    }
    Tensor flat = chunk.temporaries().tensor(DType.I32, places.length);
    backend.write(places, flat);
    return flat;
  }

  /** Some logits of every row of a chunk. */
  private record Listed(HeadChunk chunk, Tensor places, int count) {
    private INDArray column(INDArray matrix) {
      return matrix.reshape('c', matrix.length(), 1);
    }

    /** Copies them: [rows, count]. */
    INDArray of(INDArray logits) {
      INDArray values = chunk.temporaries().f32(chunk.rows(), count);
      Ops.gather(column(logits), vector(places), column(values));
      return values;
    }

    /** logits += values, of which there are [rows, count]. */
    void add(INDArray values, INDArray logits) {
      Ops.scatterAdd(column(logits), vector(places), column(values));
    }

    void setAside(INDArray logits) {
      add(of(logits).rsubi(NOTHING), logits);
    }
  }

  // ---- the student's side ---------------------------------------------------------------------

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
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray w = temporaries.f32(weight);
      INDArray teacherW = temporaries.f32(teacherWeight);
      HeadChunk.forEach(
          backend,
          hidden,
          weight,
          chunk -> {
            INDArray h = chunk.temporaries().f32(chunk.of(hidden));
            INDArray teacherH = chunk.temporaries().f32(chunk.of(teacherHidden));
            INDArray logits = chunk.logits(h, w);
            INDArray student = tempered(chunk, logits, loss);
            INDArray teacher = chunk.logits(teacherH, teacherW).divi(loss.temperature());
            INDArray slopes = slopes(chunk, loss, student, teacher, targets, sums);
            addCrossEntropy(chunk, loss, logits, targets, sums, slopes);
            if (dHidden != null) {
              chunk.backward(slopes, h, w, dHidden, dWeight);
            }
          });
    }
  }

  private static INDArray tempered(HeadChunk chunk, INDArray logits, DistillationLoss loss) {
    INDArray tempered = chunk.like(logits);
    tempered.assign(logits);
    return tempered.divi(loss.temperature());
  }

  private static void addCrossEntropy(
      HeadChunk chunk,
      DistillationLoss loss,
      INDArray logits,
      Tensor targets,
      Tensor sums,
      INDArray slopes) {
    INDArray own =
        chunk.crossEntropy(
            logits,
            targets,
            loss.crossEntropyScale(),
            loss.zLoss(),
            sums,
            DistillationLoss.CROSS_ENTROPY);
    Ops.add(slopes, own, slopes);
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
    boolean all = top.count() == weight.dim(0);
    checkIds(top, targets, weight.dim(0));
    try (Temporaries temporaries = new Temporaries(backend)) {
      INDArray w = temporaries.f32(weight);
      HeadChunk.forEach(
          backend,
          hidden,
          weight,
          chunk -> {
            INDArray h = chunk.temporaries().f32(chunk.of(hidden));
            INDArray logits = chunk.logits(h, w);
            Listed listed = new Listed(chunk, flat(chunk, chunk.of(top.ids), targets), top.count());
            Outcomes outcomes = new Outcomes(loss, all ? TeacherRest.DROPPED : rest, top, listed);
            INDArray slopes = outcomes.slopes(logits, targets, sums);
            addCrossEntropy(chunk, loss, logits, targets, sums, slopes);
            if (dHidden != null) {
              chunk.backward(slopes, h, w, dHidden, dWeight);
            }
          });
    }
  }

  private void checkIds(Top top, Tensor targets, int vocabulary) {
    int[] wanted = new int[Math.toIntExact(targets.size())];
    backend.read(targets, wanted);
    for (int row = 0; row < wanted.length; row++) {
      if (wanted[row] != Kernels.IGNORED) {
        Tensor own = top.ids.slice(row, row + 1);
        Indices.check(backend, "linearTopDivergence", own, 0, vocabulary);
      }
    }
  }

  /**
   * Listed tokens as outcomes, and with a bucket all others as one: its logit is their log-sum-exp,
   * and its gradient falls to them by their share of it.
   */
  private record Outcomes(DistillationLoss loss, TeacherRest rest, Top top, Listed listed) {
    /** The gradient by the logits: [rows, V]. */
    INDArray slopes(INDArray logits, Tensor targets, Tensor sums) {
      HeadChunk chunk = listed.chunk;
      INDArray own = tempered(chunk, logits, loss);
      INDArray teacher = Cuts.matrix(chunk.of(top.logProbabilities));
      if (rest == TeacherRest.DROPPED) {
        INDArray byListed =
            Nd4jDistillation.slopes(chunk, loss, listed.of(own), copy(teacher), targets, sums);
        own.assign(0);
        listed.add(byListed, own);
        return own;
      }
      INDArray student = listed.of(own);
      listed.setAside(own);
      INDArray others = chunk.logSoftmax(own);
      INDArray teachers = chunk.narrow();
      if (rest == TeacherRest.BUCKET) {
        teachers.assign(column(chunk.ofColumn(top.logRest)));
      } else {
        teachers.assign(NOTHING);
      }
      INDArray byOutcome =
          Nd4jDistillation.slopes(
              chunk, loss, joined(student, others), joined(teacher, teachers), targets, sums);
      return spread(byOutcome, own);
    }

    private INDArray copy(INDArray matrix) {
      INDArray copy = listed.chunk.like(matrix);
      copy.assign(matrix);
      return copy;
    }

    /** [rows, k + 1] of [rows, k] and [rows, 1]. */
    private INDArray joined(INDArray left, INDArray right) {
      Tensor joined =
          listed.chunk.temporaries().tensor(DType.F32, listed.chunk.rows(), top.count() + 1);
      Cuts.block(joined, 0, listed.chunk.rows(), top.count()).assign(left);
      Cuts.block(joined, top.count(), listed.chunk.rows(), 1).assign(right);
      return array(joined);
    }

    /** In place of the logarithms of others' shares, in which the listed ones have none. */
    private INDArray spread(INDArray byOutcome, INDArray shares) {
      long rows = listed.chunk.rows();
      int k = top.count();
      INDArray ofListed = listed.chunk.temporaries().f32((int) rows, k);
      INDArray ofOthers = listed.chunk.narrow();
      ofListed.assign(byOutcome.get(NDArrayIndex.all(), NDArrayIndex.interval(0, k)));
      ofOthers.assign(byOutcome.get(NDArrayIndex.all(), NDArrayIndex.interval(k, k + 1)));
      Ops.exp(shares);
      Ops.multiply(shares, ofOthers, shares);
      listed.add(ofListed, shares);
      return shares;
    }
  }

  /**
   * Adds the divergences of some outcomes' logits and gives their scaled gradient, in the place of
   * one of both. Both are over the temperature already.
   */
  private static INDArray slopes(
      HeadChunk chunk,
      DistillationLoss loss,
      INDArray student,
      INDArray teacher,
      Tensor targets,
      Tensor sums) {
    INDArray _ = chunk.logSoftmax(student);
    INDArray _ = chunk.logSoftmax(teacher);
    INDArray counted = chunk.counted(targets);
    Sum sum = new Sum(chunk, counted, sums);
    INDArray slopes =
        switch (loss.divergence()) {
          case FORWARD -> forward(chunk, student, teacher, sum);
          case REVERSE -> reverse(chunk, student, teacher, sum);
          case SYMMETRIC -> symmetric(chunk, student, teacher, sum);
          case JENSEN_SHANNON -> mixed(chunk, student, teacher, loss.teacherShare(), sum);
        };
    Ops.multiply(slopes, counted, slopes);
    return slopes.muli(loss.divergenceScale() / loss.temperature());
  }

  /** Where divergences are added. */
  private record Sum(HeadChunk chunk, INDArray counted, Tensor sums) {
    void add(INDArray divergences) {
      INDArray terms = chunk.narrow();
      Ops.multiply(divergences, counted, terms);
      chunk.addSum(terms, sums, DistillationLoss.DIVERGENCE);
    }
  }

  /** p - q. */
  private static INDArray forward(HeadChunk chunk, INDArray student, INDArray teacher, Sum sum) {
    INDArray q = chunk.exp(teacher);
    Ops.subtract(teacher, student, teacher);
    sum.add(chunk.rowDots(q, teacher, teacher));
    Ops.exp(student);
    Ops.subtract(student, q, student);
    return student;
  }

  /** p (log p/q - KL). */
  private static INDArray reverse(HeadChunk chunk, INDArray student, INDArray teacher, Sum sum) {
    INDArray p = chunk.exp(student);
    Ops.subtract(student, teacher, student);
    INDArray kl = chunk.rowDots(p, student, teacher);
    sum.add(kl);
    Ops.subtract(student, kl, student);
    Ops.multiply(student, p, student);
    return student;
  }

  /** Half of both. */
  private static INDArray symmetric(HeadChunk chunk, INDArray student, INDArray teacher, Sum sum) {
    INDArray difference = chunk.exp(student);
    INDArray p = chunk.exp(student);
    Ops.subtract(difference, chunk.exp(teacher), difference);
    Ops.subtract(student, teacher, student);
    INDArray both = chunk.rowDots(difference, student, teacher);
    sum.add(both.muli(0.5));
    INDArray reverse = chunk.rowDots(p, student, teacher);
    Ops.subtract(student, reverse, student);
    Ops.multiply(student, p, student);
    Ops.add(student, difference, student);
    return student.muli(0.5);
  }

  /** (1 - beta) p (log p/m - KL(p || m)), with m = beta q + (1 - beta) p. */
  private static INDArray mixed(
      HeadChunk chunk, INDArray student, INDArray teacher, double beta, Sum sum) {
    INDArray p = chunk.exp(student);
    INDArray q = chunk.exp(teacher);
    INDArray mixture = chunk.like(p);
    INDArray part = chunk.like(p);
    part.assign(p);
    mixture.assign(q);
    mixture.muli(beta).addi(LEAST);
    Ops.add(mixture, part.muli(1 - beta), mixture);
    Ops.log(mixture, mixture);
    Ops.subtract(teacher, mixture, teacher);
    Ops.subtract(student, mixture, student);
    sum.add(chunk.rowDots(q, teacher, part).muli(beta));
    INDArray ofStudent = chunk.rowDots(p, student, part);
    Ops.subtract(student, ofStudent, student);
    Ops.multiply(student, p, student);
    sum.add(ofStudent.muli(1 - beta));
    return student.muli(1 - beta);
  }
}
