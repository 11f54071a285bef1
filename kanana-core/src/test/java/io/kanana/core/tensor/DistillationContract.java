package io.kanana.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.HeadContract.Gradients;
import io.kanana.core.tensor.HeadContract.Head;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Linear heads of students, and of their teachers. */
public interface DistillationContract extends BackendFixture {
  /** A loss of everything there is, at temperatures other than 1 and at it. */
  private static DistillationLoss mixed(Divergence divergence, double temperature) {
    return new DistillationLoss(divergence, 0.3, temperature, 0.5, 0.25, 1e-2);
  }

  private static DistillationLoss plain(Divergence divergence, double temperature) {
    return DistillationLoss.of(divergence, 0.7, temperature, 0.5);
  }

  @ParameterizedTest
  @EnumSource(Divergence.class)
  default void linearDivergence(Divergence divergence) {
    for (int[] size : HeadContract.HEADS) {
      compare(mixed(divergence, 2.5), DType.F32, size, Gradients.OF_BOTH);
      compare(plain(divergence, 1), DType.BF16, size, Gradients.OF_BOTH);
    }
    int[] size = {17, 33, 127};
    for (Gradients gradients : Gradients.values()) {
      compare(mixed(divergence, 1), DType.F32, size, gradients);
      compare(plain(divergence, 2.5), DType.F32, size, gradients);
    }
  }

  private void compare(DistillationLoss loss, DType dtype, int[] size, Gradients gradients) {
    Head student = new Head(dtype, size[0], size[1], size[2], 1);
    Head teacher = new Head(dtype, size[0], size[1] + 2, size[2], 1);
    compare(loss, student, teacher, gradients);
  }

  /** A teacher in another precision than its student. */
  @ParameterizedTest
  @EnumSource(Divergence.class)
  default void linearDivergenceOfMixedPrecision(Divergence divergence) {
    Head bf16 = new Head(DType.BF16, 17, 33, 127, 1);
    Head f32 = new Head(DType.F32, 17, 8, 127, 1);
    compare(mixed(divergence, 1.5), bf16, f32, Gradients.OF_BOTH);
    compare(mixed(divergence, 1.5), f32, bf16, Gradients.OF_BOTH);
  }

  @ParameterizedTest
  @EnumSource(names = {"FORWARD", "REVERSE", "SYMMETRIC"})
  default void linearDivergenceOfLargeLogits(Divergence divergence) {
    Head student = new Head(DType.F32, 17, 33, 127, 2500);
    Head teacher = new Head(DType.F32, 17, 8, 127, 2500);
    compare(plain(divergence, 1), student, teacher, Gradients.OF_BOTH);
  }

  /** Where distributions have nothing in common its slope is zero, up to rounding. */
  @Test
  default void linearDivergenceOfLargeLogitsIsBounded() {
    Head student = new Head(DType.F32, 17, 33, 127, 2500);
    Head teacher = new Head(DType.F32, 17, 8, 127, 2500);
    run(
        plain(Divergence.JENSEN_SHANNON, 1),
        student,
        teacher,
        Gradients.OF_BOTH,
        results -> {
          results.checkSums(teacher);
          assertThat(largest(results.e.result(results.dHidden))).isLessThan(1e-3);
        });
  }

  private void compare(DistillationLoss loss, Head student, Head teacher, Gradients gradients) {
    run(loss, student, teacher, gradients, results -> results.check(teacher));
  }

  private void run(
      DistillationLoss loss,
      Head student,
      Head teacher,
      Gradients gradients,
      Consumer<Results> check) {
    compare(
        e -> {
          Equivalence.Operand hidden = student.hidden(e);
          Equivalence.Operand weight = student.weight(e);
          Equivalence.Operand teacherHidden = teacher.hidden(e);
          Equivalence.Operand teacherWeight = teacher.weight(e);
          Equivalence.Operand targets = student.targets(e);
          Results results = new Results(e, student, gradients);
          e.run(
              (kernels, side) ->
                  kernels.linearDivergence(
                      loss,
                      side.of(hidden),
                      side.of(weight),
                      side.of(teacherHidden),
                      side.of(teacherWeight),
                      side.of(targets),
                      side.of(results.sums),
                      side.of(results.dHidden),
                      side.of(results.dWeight)));
          check.accept(results);
        });
  }

  /** What the losses of a student write. */
  final class Results {
    private final Equivalence e;
    private final Head student;
    private final Equivalence.Operand sums;
    private final Equivalence.Operand dHidden;
    private final Equivalence.Operand dWeight;

    private Results(Equivalence e, Head student, Gradients gradients) {
      this.e = e;
      this.student = student;
      this.sums = e.changed(DType.F64, new double[] {0.5, 0.25, 0.125}, 3);
      this.dHidden = student.dHidden(e, gradients);
      this.dWeight = student.dWeight(e, gradients);
    }

    /** The slope holds log p - log q: an error of the logits enters once outside an exponential. */
    private void check(Head teacher) {
      Tolerance logs = student.slopes().plus(teacher.slopes());
      Tolerance slopes = logs.plus(logs);
      checkSums(teacher);
      HeadContract.checkIfWanted(e, "dHidden", dHidden, slopes.plus(student.dHidden()));
      HeadContract.checkIfWanted(e, "dWeight", dWeight, slopes.plus(student.dWeight()));
    }

    private void checkSums(Head teacher) {
      e.check("sums", sums, student.loss().plus(teacher.loss()).plus(Tolerance.operations(32)));
    }
  }

  /** A student that equals its teacher has nothing to learn. */
  @ParameterizedTest
  @EnumSource(Divergence.class)
  default void divergenceOfEqualsIsZero(Divergence divergence) {
    Head head = new Head(DType.F32, 17, 33, 127, 1);
    for (double temperature : new double[] {1, 3}) {
      compare(
          e -> {
            Equivalence.Operand hidden = head.hidden(e);
            Equivalence.Operand weight = head.weight(e);
            Equivalence.Operand targets = head.targets(e);
            Equivalence.Operand sums = e.changed(DType.F64, new double[3], 3);
            Equivalence.Operand dHidden = e.output(DType.F32, 17, 33);
            Equivalence.Operand dWeight = e.changed(DType.F32, new double[127 * 33], 127, 33);
            e.run(
                (kernels, side) ->
                    kernels.linearDivergence(
                        plain(divergence, temperature),
                        side.of(hidden),
                        side.of(weight),
                        side.of(hidden),
                        side.of(weight),
                        side.of(targets),
                        side.of(sums),
                        side.of(dHidden),
                        side.of(dWeight)));
            assertThat(e.result(sums)[DistillationLoss.DIVERGENCE]).isCloseTo(0, offset(1e-5));
            assertThat(largest(e.result(dHidden))).isLessThan(1e-5);
            assertThat(largest(e.result(dWeight))).isLessThan(1e-5);
          });
    }
  }

  private static double largest(double[] values) {
    return Arrays.stream(values).map(Math::abs).max().orElseThrow();
  }

  // ---- the most probable tokens ---------------------------------------------------------------

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16"})
  default void linearTopProbabilities(DType dtype) {
    for (int[] size : HeadContract.HEADS) {
      for (int k : new int[] {1, 3, 17}) {
        compareTop(new Head(dtype, size[0], size[1], size[2], 3), Math.min(k, size[2]), 1);
      }
    }
    compareTop(new Head(dtype, 33, 17, 127, 1), 16, 2.5);
  }

  /** The rest has next to nothing, and yet a logarithm. */
  @Test
  default void linearTopProbabilitiesOfLargeLogits() {
    compareTop(new Head(DType.F32, 17, 33, 127, 2500), 4, 1);
  }

  /** More words than a chunk is likely to hold in its rows. */
  @Test
  default void linearTopProbabilitiesOfALargeVocabulary() {
    compareTop(new Head(DType.F32, 140, 5, 40_009, 3), 8, 1);
  }

  private void compareTop(Head head, int k, double temperature) {
    compare(
        e -> {
          Equivalence.Operand hidden = head.hidden(e);
          Equivalence.Operand weight = head.weight(e);
          Equivalence.Operand ids = e.output(DType.I32, head.rows(), k);
          Equivalence.Operand logs = e.output(DType.F32, head.rows(), k);
          Equivalence.Operand rest = e.output(DType.F32, head.rows());
          e.run(
              (kernels, side) ->
                  kernels.linearTopProbabilities(
                      side.of(hidden),
                      side.of(weight),
                      temperature,
                      side.of(ids),
                      side.of(logs),
                      side.of(rest)));
          e.check("ids", ids, Tolerance.EXACT);
          e.check("logProbabilities", logs, head.loss());
          e.check("logRest", rest, head.loss());
        });
  }

  @ParameterizedTest
  @CsvSource({
    "FORWARD, BUCKET",
    "REVERSE, BUCKET",
    "SYMMETRIC, BUCKET",
    "JENSEN_SHANNON, BUCKET",
    "FORWARD, DROPPED",
    "JENSEN_SHANNON, DROPPED",
    "FORWARD, DROPPED_BY_TEACHER"
  })
  default void linearTopDivergence(Divergence divergence, TeacherRest rest) {
    for (int[] size : HeadContract.HEADS) {
      int k = Math.min(5, size[2]);
      compareTop(mixed(divergence, 2.5), rest, DType.F32, size, k, Gradients.OF_BOTH);
      compareTop(plain(divergence, 1), rest, DType.BF16, size, k, Gradients.OF_BOTH);
    }
    int[] size = {17, 33, 127};
    for (Gradients gradients : Gradients.values()) {
      compareTop(mixed(divergence, 1), rest, DType.F32, size, 16, gradients);
    }
    compareTop(mixed(divergence, 1), rest, DType.F32, size, 127, Gradients.OF_BOTH);
  }

  private void compareTop(
      DistillationLoss loss,
      TeacherRest rest,
      DType dtype,
      int[] size,
      int k,
      Gradients gradients) {
    Head student = new Head(dtype, size[0], size[1], size[2], 1);
    compare(
        e -> {
          Equivalence.Operand hidden = student.hidden(e);
          Equivalence.Operand weight = student.weight(e);
          Equivalence.Operand targets = student.targets(e);
          Equivalence.Operand ids = ids(e, student, k);
          Equivalence.Operand logs = logs(e, student, k);
          Equivalence.Operand logRest = e.normal(DType.F32, 2, student.rows());
          Results results = new Results(e, student, gradients);
          e.run(
              (kernels, side) ->
                  kernels.linearTopDivergence(
                      loss,
                      rest,
                      side.of(hidden),
                      side.of(weight),
                      side.of(ids),
                      side.of(logs),
                      side.of(logRest),
                      side.of(targets),
                      side.of(results.sums),
                      side.of(results.dHidden),
                      side.of(results.dWeight)));
          results.check(student);
        });
  }

  /** Some that follow one another; of a row that is ignored none that exist. */
  private static Equivalence.Operand ids(Equivalence e, Head student, int k) {
    int[] starts = e.below(student.vocabulary(), student.rows());
    int[] ids = new int[student.rows() * k];
    for (int i = 0; i < ids.length; i++) {
      int row = i / k;
      ids[i] = row % 5 == 3 ? -7 : (starts[row] + i % k) % student.vocabulary();
    }
    return e.ints(ids, student.rows(), k);
  }

  /** Need not add up to 1: a loss takes them for logits. */
  private static Equivalence.Operand logs(Equivalence e, Head student, int k) {
    return e.normal(DType.F32, 2, student.rows(), k);
  }

  /** With all tokens listed there is no difference between both ways. */
  @ParameterizedTest
  @EnumSource(Divergence.class)
  default void allTokensListedAreTheWholeDivergence(Divergence divergence) {
    DistillationLoss loss = mixed(divergence, 1.5);
    Kernels kernels = backend().kernels();
    try (Scope scope = backend().scope("all")) {
      Tensor hidden = normal(scope, 3, 9, 7);
      Tensor weight = normal(scope, 4, 11, 7);
      Tensor teacherHidden = normal(scope, 5, 9, 6);
      Tensor teacherWeight = normal(scope, 6, 11, 6);
      Tensor targets = scope.zeros(kernels, DType.I32, 9);
      Tensor whole = scope.zeros(kernels, DType.F64, 3);
      Tensor listed = scope.zeros(kernels, DType.F64, 3);
      Tensor dWhole = scope.allocate(DType.F32, 9, 7);
      Tensor dListed = scope.allocate(DType.F32, 9, 7);
      kernels.linearDivergence(
          loss, hidden, weight, teacherHidden, teacherWeight, targets, whole, dWhole, null);
      Tensor ids = scope.allocate(DType.I32, 9, 11);
      Tensor logs = scope.allocate(DType.F32, 9, 11);
      Tensor rest = scope.allocate(DType.F32, 9);
      kernels.linearTopProbabilities(teacherHidden, teacherWeight, 1.5, ids, logs, rest);
      kernels.linearTopDivergence(
          loss,
          TeacherRest.BUCKET,
          hidden,
          weight,
          ids,
          logs,
          rest,
          targets,
          listed,
          dListed,
          null);
      assertThat(backend().doubles(listed)).containsExactly(backend().doubles(whole), offset(1e-4));
      assertThat(backend().doubles(dListed))
          .containsExactly(backend().doubles(dWhole), offset(1e-5));
    }
  }

  private Tensor normal(Scope scope, int seed, int... shape) {
    Tensor tensor = scope.allocate(DType.F32, shape);
    float[] values = new float[Math.toIntExact(tensor.size())];
    RandomKey.of(seed).fillGaussian(values, 0, 1);
    backend().write(values, tensor);
    return tensor;
  }
}
