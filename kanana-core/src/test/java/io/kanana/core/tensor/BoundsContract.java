package io.kanana.core.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.BackendException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Values that say where memory is read or written. A back end works on bare memory, so what it does
 * not refuse is memory of others.
 */
public interface BoundsContract extends BackendFixture {
  private Tensor ints(Scope scope, int... values) {
    Tensor tensor = scope.allocate(DType.I32, values.length);
    backend().write(values, tensor);
    return tensor;
  }

  private Tensor zeros(Scope scope, int... shape) {
    return scope.zeros(backend().kernels(), DType.F32, shape);
  }

  private static void refused(String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(BackendException.class).hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, 4, Integer.MAX_VALUE, Integer.MIN_VALUE})
  default void indicesOutsideAreRefused(int index) {
    Kernels kernels = backend().kernels();
    try (Scope scope = backend().scope("indices")) {
      Tensor table = zeros(scope, 4, 2);
      Tensor rows = zeros(scope, 2, 2);
      Tensor out = zeros(scope, 2);
      Tensor sums = scope.zeros(kernels, DType.F64, 2);
      Tensor ids = ints(scope, 1, index);
      String place = "index " + index + " at 1 is not in";
      refused(place, () -> kernels.gatherRows(table, ids, rows));
      refused(place, () -> kernels.scatterAddRows(rows, ids, table));
      refused(place, () -> kernels.rope(rows, 1, ids, table, false, rows));
      refused(place, () -> kernels.rope(rows, 1, ids, table, true, rows));
      refused(place, () -> kernels.linearCrossEntropy(rows, table, ids, 1, 0, sums, null, null));
      refused(place, () -> kernels.linearLogProbabilities(rows, table, ids, out, out));
      refused(
          place,
          () ->
              kernels.linearLogProbabilitiesBackward(
                  out, rows, table, ids, out, zeros(scope, 2, 2), null));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 4, Integer.MAX_VALUE, Integer.MIN_VALUE})
  default void tokensOfTeachersOutsideAreRefused(int id) {
    Kernels kernels = backend().kernels();
    DistillationLoss loss = DistillationLoss.of(Divergence.FORWARD, 0, 1, 1);
    try (Scope scope = backend().scope("tokens")) {
      Tensor weight = zeros(scope, 4, 2);
      Tensor hidden = zeros(scope, 1, 2);
      Tensor logs = zeros(scope, 1, 2);
      Tensor sums = scope.zeros(kernels, DType.F64, 3);
      Tensor ids = ints(scope, 1, id).reshape(1, 2);
      Tensor rest = zeros(scope, 1);
      refused(
          "linearTopDivergence: index " + id + " at 1 is not in",
          () ->
              kernels.linearTopDivergence(
                  loss,
                  TeacherRest.BUCKET,
                  hidden,
                  weight,
                  ids,
                  logs,
                  rest,
                  ints(scope, 0),
                  sums,
                  null,
                  null));
    }
  }

  /** -1 says that there is no target, and is no row or position. */
  @Test
  default void whatIsIgnoredIsNoIndex() {
    Kernels kernels = backend().kernels();
    try (Scope scope = backend().scope("ignored")) {
      Tensor table = zeros(scope, 4, 2);
      Tensor rows = zeros(scope, 2, 2);
      Tensor ids = ints(scope, 1, Kernels.IGNORED);
      String place = "index -1 at 1 is not in";
      refused(place, () -> kernels.gatherRows(table, ids, rows));
      refused(place, () -> kernels.scatterAddRows(rows, ids, table));
      refused(place, () -> kernels.rope(rows, 1, ids, table, false, rows));
    }
  }

  /** Two sequences of three positions: a start lies in the sequence, at or before its position. */
  @ParameterizedTest
  @CsvSource({"0, -1", "0, 1", "2, 3", "2, 2147483647", "3, -1", "4, 2", "5, -2147483648"})
  default void attentionStartsOutsideAreRefused(int at, int start) {
    Kernels kernels = backend().kernels();
    AttentionShape shape = new AttentionShape(2, 3, 2, 1, 4);
    try (Scope scope = backend().scope("starts")) {
      int[] values = {0, 1, 2, 0, 0, 1};
      values[at] = start;
      Tensor starts = ints(scope, values);
      Tensor qkv = zeros(scope, 6, shape.fusedWidth());
      Tensor out = zeros(scope, 6, shape.outputWidth());
      Tensor logSumExp = zeros(scope, 2, 2, 3);
      String fault = "attention starts: index " + start;
      refused(fault, () -> kernels.attention(shape, qkv, starts, out, logSumExp));
      Tensor dQkv = zeros(scope, 6, shape.fusedWidth());
      refused(
          fault, () -> kernels.attentionBackward(shape, out, qkv, starts, out, logSumExp, dQkv));
    }
  }

  /** A cache of 5 positions has room for 3 new ones behind 2. */
  @ParameterizedTest
  @CsvSource({"3, 3", "3, -1", "1, 5", "1, -1", "3, 2147483647", "1, -2147483648"})
  default void cachedAttentionLengthsOutsideAreRefused(int time, int length) {
    Kernels kernels = backend().kernels();
    AttentionShape shape = new AttentionShape(2, time, 2, 1, 4);
    try (Scope scope = backend().scope("lengths")) {
      Tensor qkv = zeros(scope, 2 * time, shape.fusedWidth());
      Tensor keys = zeros(scope, 2, 5, 4);
      Tensor values = zeros(scope, 2, 5, 4);
      Tensor out = zeros(scope, 2 * time, shape.outputWidth());
      Tensor lengths = ints(scope, 5 - time, length);
      refused(
          "index " + length + " at 1 is not in",
          () -> kernels.cachedAttention(shape, qkv, keys, values, lengths, out));
    }
  }

  /** A shape, or a temperature, that no operation can take: named, and not a bug of ours. */
  @Test
  default void whatCannotBeCountedIsRefused() {
    Kernels kernels = backend().kernels();
    try (Scope scope = backend().scope("sizes")) {
      refused(
          "shape [2147483647, 2147483647, 2147483647] has more elements than can be counted",
          () -> scope.allocate(DType.F32, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
      refused(
          "no memory for " + (1L << 60) + " elements of F64",
          () -> scope.allocate(DType.F64, 1 << 30, 1 << 30));
      Tensor weight = zeros(scope, 4, 2);
      Tensor hidden = zeros(scope, 1, 2);
      Tensor one = zeros(scope, 1);
      for (double temperature : new double[] {0, -1, Double.NaN}) {
        String fault = "temperature must be > 0, got " + temperature;
        refused(fault, () -> DistillationLoss.of(Divergence.FORWARD, 0, temperature, 1));
        refused(
            fault,
            () ->
                kernels.linearTopProbabilities(
                    hidden, weight, temperature, ints(scope, 1).reshape(1, 1), one, one));
      }
    }
  }
}
