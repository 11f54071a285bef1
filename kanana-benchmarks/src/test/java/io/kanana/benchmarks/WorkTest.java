package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.tensor.AttentionShape;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Operations and bytes of kernels against counts by hand. */
class WorkTest {
  private final TensorBackend backend = TensorBackends.open("cpu", 1);
  private final Scope scope = backend.scope("test");

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  private Tensor f32(int... shape) {
    return scope.allocate(DType.F32, shape);
  }

  @Test
  void aProductIsTwoOperationsForEachTermOfEachSum() {
    Work work = Work.product(f32(7, 5), true, f32(3, 7), true, f32(5, 3));
    assertThat(work).isEqualTo(new Work("tt 5x3x7", 2 * 5 * 3 * 7, 4 * (35 + 21 + 15)));
    Tensor a = scope.allocate(DType.BF16, 5, 7);
    Tensor b = scope.allocate(DType.BF16, 7, 3);
    assertThat(Work.product(a, false, b, false, f32(5, 3)))
        .isEqualTo(new Work("nn 5x3x7 bf16", 210, 2 * (35 + 21) + 4 * 15));
  }

  @Test
  void aHeadIsOneProductForwardAndTwoMoreBackward() {
    Work work = Work.head(f32(4, 8), f32(10, 8), 3, f32(4, 8), null);
    assertThat(work).isEqualTo(new Work("4x10x8", 3 * 2 * 4 * 10 * 8, 4 * (32 + 80 + 32)));
  }

  /** B T^2 / 2 scores for each head; each product takes 2 D operations for each score. */
  @Test
  void causalAttentionIsHalfOfTheSquare() {
    AttentionShape shape = new AttentionShape(2, 16, 6, 3, 8);
    double scores = 2 * 16 * 16 / 2 * 6;
    assertThat(Work.attention(shape, 2).flops()).isEqualTo(2 * 2 * 8 * scores);
    assertThat(Work.attention(shape, 4).flops()).isEqualTo(4 * 2 * 8 * scores);
    assertThat(Work.attention(shape, 2).detail()).isEqualTo("2x16, 6/3 heads x 8");
  }

  /** Three new positions after 10 see 11, 12 and 13; after none 1, 2 and 3. */
  @Test
  void cachedAttentionSeesWhatIsInTheCache() {
    AttentionShape shape = new AttentionShape(2, 3, 6, 2, 8);
    Work work = Work.cachedAttention(shape, f32(2, 20, 16), new int[] {10, 0});
    assertThat(work.flops()).isEqualTo(2 * 2 * 8 * 6 * (11 + 12 + 13 + 1 + 2 + 3.0));
    assertThat(work.bytes()).isEqualTo(2 * (13 + 3) * 2 * 8 * 4.0);
  }
}
