package io.kanana.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Attention over documents, and over a cache. */
public interface AttentionContract extends BackendFixture {
  /** How a row is made of documents. */
  enum Documents {
    ONE,
    RANDOM,
    ONE_TOKEN_EACH;

    private int[] starts(int batch, int time) {
      int[] starts = new int[batch * time];
      for (int i = 0; i < starts.length; i++) {
        int t = i % time;
        boolean begins =
            switch (this) {
              case ONE -> t == 0;
              case RANDOM -> t == 0 || RandomKey.of(13).below(i, 7) == 0;
              case ONE_TOKEN_EACH -> true;
            };
        starts[i] = begins ? t : starts[i - 1];
      }
      return starts;
    }
  }

  /** Ratios of heads to key heads of 1, 2 and 3; head dims for every way of cutting vectors. */
  List<AttentionShape> SHAPES =
      List.of(
          new AttentionShape(1, 1, 1, 1, 16),
          new AttentionShape(2, 3, 2, 2, 16),
          new AttentionShape(1, 17, 4, 2, 64),
          new AttentionShape(3, 17, 3, 3, 2),
          new AttentionShape(2, 127, 3, 1, 16),
          new AttentionShape(1, 65, 6, 2, 128),
          new AttentionShape(1, 64, 2, 1, 34),
          new AttentionShape(1, 256, 3, 1, 64),
          new AttentionShape(1, 300, 2, 1, 16),
          new AttentionShape(1, 1100, 2, 1, 2));

  /** What products are computed in: F32 throughout, or operands and results in BF16. */
  List<DType> OPERANDS = List.of(DType.F32, DType.BF16);

  /** Values of this deviation give scores to 1e4: without the maximum, exponentials overflow. */
  double LARGE_DEVIATION = 25;

  @ParameterizedTest
  @EnumSource(Documents.class)
  default void attention(Documents documents) {
    for (DType operands : OPERANDS) {
      SHAPES.forEach(shape -> compareAttention(shape, documents, operands, 1));
    }
    AttentionShape shape = new AttentionShape(2, 70, 4, 2, 16);
    compareAttention(shape, documents, DType.F32, LARGE_DEVIATION);
  }

  private void compareAttention(
      AttentionShape shape, Documents documents, DType operands, double deviation) {
    int[] starts = documents.starts(shape.batch(), shape.time());
    compare(
        e -> {
          Attended attended = Attended.of(e, shape, starts, operands, deviation);
          e.run(attended::forward);
          Tolerance scores = Tolerance.sum(shape.headDim());
          e.check("logSumExp", attended.logSumExp, scores.plus(Tolerance.sum(shape.time())));
          e.check(
              "out",
              attended.out,
              outputs(shape, deviation).throughOperandsOf(operands).storedAs(operands));
        });
  }

  /** Scores are sums of D products of two deviations over sqrt(D); four times that are rare. */
  private static Tolerance outputs(AttentionShape shape, double deviation) {
    return Tolerance.exponential(Tolerance.sum(shape.headDim()), 4 * deviation * deviation)
        .plus(Tolerance.sum(shape.time()));
  }

  @ParameterizedTest
  @EnumSource(Documents.class)
  default void attentionBackward(Documents documents) {
    for (DType operands : OPERANDS) {
      SHAPES.forEach(shape -> compareAttentionBackward(shape, documents, operands, 1));
    }
    AttentionShape shape = new AttentionShape(2, 70, 4, 2, 16);
    compareAttentionBackward(shape, documents, DType.F32, LARGE_DEVIATION);
  }

  private void compareAttentionBackward(
      AttentionShape shape, Documents documents, DType operands, double deviation) {
    int[] starts = documents.starts(shape.batch(), shape.time());
    compare(
        e -> {
          Attended attended = Attended.of(e, shape, starts, operands, deviation);
          Equivalence.Operand dOut = e.normal(DType.F32, 1, shape.tokens(), shape.outputWidth());
          Equivalence.Operand dQkv = e.output(DType.F32, shape.tokens(), shape.fusedWidth());
          e.run(
              (kernels, side) -> {
                attended.forward(kernels, side);
                attended.backward(kernels, side, dOut, dQkv);
              });
          // dOut . (v - out) cancels where one position takes all
          Tolerance outputs = outputs(shape, deviation).throughOperandsOf(operands);
          Tolerance sums = outputs.plus(outputs).plus(Tolerance.sum(shape.headDim()));
          // dOut is rounded, then dS; and the output, which dS was computed from
          e.check("dQkv", dQkv, sums.throughOperandsOf(operands));
        });
  }

  /** The operands of attention. */
  record Attended(
      AttentionShape shape,
      Equivalence.Operand qkv,
      Equivalence.Operand starts,
      Equivalence.Operand out,
      Equivalence.Operand logSumExp) {
    private static Attended of(
        Equivalence e, AttentionShape shape, int[] starts, DType operands, double deviation) {
      return new Attended(
          shape,
          e.normal(operands, deviation, shape.tokens(), shape.fusedWidth()),
          e.ints(starts, shape.batch(), shape.time()),
          e.output(operands, shape.tokens(), shape.outputWidth()),
          e.output(DType.F32, shape.tokens() * shape.heads()));
    }

    private void forward(Kernels kernels, Equivalence.Side side) {
      kernels.attention(shape, side.of(qkv), side.of(starts), side.of(out), side.of(logSumExp));
    }

    private void backward(
        Kernels kernels,
        Equivalence.Side side,
        Equivalence.Operand dOut,
        Equivalence.Operand dQkv) {
      kernels.attentionBackward(
          shape,
          side.of(dOut),
          side.of(qkv),
          side.of(starts),
          side.of(out),
          side.of(logSumExp),
          side.of(dQkv));
    }
  }

  /** Batch, new positions, heads, key heads, head dim, capacity, positions there before. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 16, 1, 0", "1, 1, 2, 1, 64, 17, 16", "3, 1, 6, 2, 64, 130, 100",
    "2, 17, 4, 4, 16, 17, 0", "2, 5, 3, 1, 128, 40, 7", "1, 70, 4, 2, 34, 200, 65",
    "3, 8, 4, 2, 16, 100, 9", "2, 70, 2, 1, 16, 300, 130"
  })
  default void cachedAttention(
      int batch, int time, int heads, int kvHeads, int headDim, int capacity, int before) {
    AttentionShape shape = new AttentionShape(batch, time, heads, kvHeads, headDim);
    int[] lengths = new int[batch];
    for (int b = 0; b < batch; b++) {
      lengths[b] = Math.max(0, before - b); // sequences of unequal length
    }
    int width = kvHeads * headDim;
    compare(
        e -> {
          Equivalence.Operand qkv = e.normal(DType.F32, 1, shape.tokens(), shape.fusedWidth());
          Equivalence.Operand keys =
              e.changed(DType.F32, cache(e, lengths, capacity, width), batch, capacity, width);
          Equivalence.Operand values =
              e.changed(DType.F32, cache(e, lengths, capacity, width), batch, capacity, width);
          Equivalence.Operand at = e.ints(lengths, batch);
          Equivalence.Operand out = e.output(DType.F32, shape.tokens(), shape.outputWidth());
          e.run(
              (kernels, side) ->
                  kernels.cachedAttention(
                      shape,
                      side.of(qkv),
                      side.of(keys),
                      side.of(values),
                      side.of(at),
                      side.of(out)));
          e.check("keys", keys, Tolerance.EXACT);
          e.check("values", values, Tolerance.EXACT);
          e.check(
              "out",
              out,
              Tolerance.exponential(Tolerance.sum(headDim), 4).plus(Tolerance.sum(before + time)));
        });
  }

  /** Memory that was never written holds anything, so NaN stands behind the positions in use. */
  private static double[] cache(Equivalence e, int[] lengths, int capacity, int width) {
    double[] values = e.gaussian(1, lengths.length, capacity, width);
    for (int b = 0; b < lengths.length; b++) {
      int used = (b * capacity + lengths[b]) * width;
      Arrays.fill(values, used, (b + 1) * capacity * width, Double.NaN);
    }
    return values;
  }

  /**
   * A query that broke down must stay visible in its row, and reach no other document. (A key or
   * value that broke down may: zero times NaN is NaN.)
   */
  @Test
  default void aQueryThatIsNotANumberPassesThroughAttention() {
    AttentionShape shape = new AttentionShape(1, 70, 2, 1, 16);
    int[] starts = new int[70];
    Arrays.fill(starts, 30, 70, 30);
    compare(
        e -> {
          double[] values = e.gaussian(1, 70, shape.fusedWidth());
          values[50 * shape.fusedWidth() + 5] = Double.NaN;
          Equivalence.Operand qkv = e.input(DType.F32, values, 70, shape.fusedWidth());
          Equivalence.Operand at = e.ints(starts, 1, 70);
          Equivalence.Operand out = e.output(DType.F32, 70, shape.outputWidth());
          Equivalence.Operand logSumExp = e.output(DType.F32, 140);
          e.run(
              (kernels, side) ->
                  kernels.attention(
                      shape, side.of(qkv), side.of(at), side.of(out), side.of(logSumExp)));
          double[] result = e.result(out);
          assertThat(Arrays.stream(result, 50 * 32, 50 * 32 + 16)).allMatch(v -> Double.isNaN(v));
          assertThat(Arrays.stream(result, 0, 30 * 32)).allMatch(v -> Double.isFinite(v));
        });
  }
}
