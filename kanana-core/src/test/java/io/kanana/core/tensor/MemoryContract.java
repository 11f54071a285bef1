package io.kanana.core.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kanana.core.error.BackendException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scopes, the pool, views, and that it is this back end which ran. */
public interface MemoryContract extends BackendFixture {
  /** Names, storage and checks: an oracle that stands in for the back end would show. */
  @Test
  default void isTheBackendItSaysItIs() {
    assertThat(TensorBackends.providers())
        .as("META-INF/services")
        .anyMatch(found -> found.getClass() == provider().getClass());
    assertThat(backend().name()).isEqualTo(provider().name());
    assertThat(backend().description()).isNotBlank().doesNotContain("\n");
    assertThat(backend().getClass()).isNotEqualTo(reference().getClass());
    try (Scope scope = backend().scope("kind")) {
      Tensor tensor = scope.allocate(DType.F32, 3);
      assertThat(tensor.storage().getClass().getPackageName())
          .isEqualTo(backend().getClass().getPackageName());
      Tensor wrong = scope.allocate(DType.F32, 4);
      assertThatThrownBy(() -> backend().kernels().add(tensor, wrong))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("F32[3], F32[4]");
    }
  }

  @Test
  default void memoryOfAnotherBackendIsRefused() {
    try (Scope scope = backend().scope("own");
        Scope other = reference().scope("other")) {
      Tensor own = scope.zeros(backend().kernels(), DType.F32, 3);
      Tensor foreign = other.zeros(reference().kernels(), DType.F32, 3);
      assertThatThrownBy(() -> backend().kernels().add(foreign, own))
          .isInstanceOf(BackendException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  default void readsWhatWasWritten(DType dtype) {
    float[] values = {1.5f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, 3e-39f};
    double[] widened = new double[values.length];
    Arrays.setAll(widened, i -> values[i]);
    try (Scope scope = backend().scope("values")) {
      Tensor tensor = scope.allocate(dtype, 2, 3);
      backend().write(values, tensor);
      assertThat(backend().floats(tensor)).isEqualTo(values);
      assertThat(backend().doubles(tensor)).isEqualTo(widened);
      backend().write(new double[6], tensor);
      backend().write(widened, tensor);
      assertThat(backend().floats(tensor)).isEqualTo(values);
    }
  }

  @Test
  default void readsAndWritesOfAnotherSizeOrKindAreRefused() {
    try (Scope scope = backend().scope("sizes")) {
      Tensor floats = scope.zeros(backend().kernels(), DType.F32, 3);
      Tensor ints = scope.zeros(backend().kernels(), DType.I32, 3);
      assertThatThrownBy(() -> backend().write(new float[2], floats))
          .isInstanceOf(BackendException.class);
      assertThatThrownBy(() -> backend().write(new double[4], floats))
          .isInstanceOf(BackendException.class);
      assertThatThrownBy(() -> backend().read(floats, new float[4]))
          .isInstanceOf(BackendException.class);
      assertThatThrownBy(() -> backend().write(new int[3], floats))
          .isInstanceOf(BackendException.class);
      assertThatThrownBy(() -> backend().read(ints, new float[3]))
          .isInstanceOf(BackendException.class);
      assertThatThrownBy(() -> backend().read(ints, new int[2]))
          .isInstanceOf(BackendException.class);
    }
  }

  @Test
  default void viewsShareMemory() {
    try (Scope scope = backend().scope("views")) {
      Tensor whole = scope.zeros(backend().kernels(), DType.F32, 4, 3);
      Tensor row = whole.slice(2, 3).reshape(3);
      backend().write(new float[] {1, 2, 3}, row);
      backend().kernels().scale(row, 2);
      assertThat(backend().floats(whole)).containsExactly(0, 0, 0, 0, 0, 0, 2, 4, 6, 0, 0, 0);
      assertThat(row.sharesMemoryWith(whole)).isTrue();
    }
  }

  /** Where the host can address the memory, it sees the elements themselves. */
  @Test
  default void hostStorageIsTheMemoryItself() {
    try (Scope scope = backend().scope("host")) {
      Tensor tensor = scope.allocate(DType.F32, 3);
      assumeTrue(tensor.storage() instanceof HostStorage, "its memory is not the host's");
      HostStorage storage = (HostStorage) tensor.storage();
      backend().write(new float[] {1, 2, 3}, tensor);
      assertThat(storage.segment().getAtIndex(ValueLayout.JAVA_FLOAT, 2)).isEqualTo(3);
      storage.segment().setAtIndex(ValueLayout.JAVA_FLOAT, 1, 7);
      assertThat(backend().floats(tensor)).containsExactly(1, 7, 3);
      assertThat(storage.segment().address() % 16).isZero();
    }
  }

  @Test
  default void useAfterTheScopeClosedIsRefused() {
    Tensor tensor;
    try (Scope scope = backend().scope("gone")) {
      tensor = scope.zeros(backend().kernels(), DType.F32, 3);
    }
    assertThatThrownBy(() -> backend().floats(tensor))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("gone");
    assertThatThrownBy(() -> backend().kernels().scale(tensor, 2))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("gone");
  }

  @Test
  default void useAfterReleaseIsRefused() {
    try (Scope scope = backend().scope("early")) {
      Tensor tensor = scope.zeros(backend().kernels(), DType.F32, 2, 3);
      Tensor view = tensor.slice(0, 1);
      scope.release(tensor);
      scope.release(tensor);
      assertThatThrownBy(() -> backend().kernels().fill(view, 1))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("early");
    }
    try (Scope one = backend().scope("one");
        Scope two = backend().scope("two")) {
      Tensor tensor = one.allocate(DType.F32, 3);
      assertThatThrownBy(() -> two.release(tensor)).isInstanceOf(BackendException.class);
    }
  }

  @Test
  default void aClosedScopeMakesNothing() {
    Scope scope = backend().scope("closed");
    scope.close();
    assertThatThrownBy(() -> scope.allocate(DType.F32, 3))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("closed");
    scope.close();
  }

  @Test
  default void memoryComesBack() {
    backend().pool().trim();
    long before = backend().pool().heldBytes();
    try (Scope scope = backend().scope("memory")) {
      Tensor tensor = scope.allocate(DType.F32, 1000);
      assertThat(backend().pool().heldBytes()).isEqualTo(before + 4000);
      Storage storage = tensor.storage();
      scope.release(tensor);
      assertThat(scope.allocate(DType.F32, 10, 100).storage()).isSameAs(storage);
    }
    assertThat(backend().pool().heldBytes()).as("kept for the next").isEqualTo(before + 4000);
    backend().pool().trim();
    assertThat(backend().pool().heldBytes()).isEqualTo(before);
  }

  @Test
  default void aSteadyStateAllocatesNothing() {
    smallStep(backend());
    long held = backend().pool().heldBytes();
    long peak = backend().pool().peakBytes();
    for (int i = 0; i < 5; i++) {
      smallStep(backend());
    }
    assertThat(backend().pool().heldBytes()).isEqualTo(held);
    assertThat(backend().pool().peakBytes()).isEqualTo(peak);
  }

  /**
   * Native memory that only the collector would free shows in what the process occupies. The Java
   * heap grows too, but not all the time, so the least growth of several spells counts.
   */
  @Test
  default void aSteadyStateDoesNotGrow() throws IOException {
    assumeTrue(Files.exists(Path.of("/proc/self/statm")), "needs /proc");
    long leastGrowth = Long.MAX_VALUE;
    for (int spell = 0; spell < 6; spell++) {
      long before = residentBytes();
      for (int i = 0; i < 20; i++) {
        smallStep(backend());
      }
      leastGrowth = Math.min(leastGrowth, residentBytes() - before);
    }
    // every step touches some 2 MB, so a leak of one operand in ten would be 4 MB
    assertThat(leastGrowth).isLessThan(3L << 20);
  }

  private static long residentBytes() throws IOException {
    return 4096 * Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", 3)[1]);
  }

  /** A layer, a head and an update of about 2 MB. */
  private static void smallStep(TensorBackend backend) {
    Kernels kernels = backend.kernels();
    try (Scope scope = backend.scope("step")) {
      AttentionShape shape = new AttentionShape(2, 64, 4, 2, 32);
      Tensor qkv = scope.zeros(kernels, DType.F32, 128, 256);
      Tensor starts = scope.zeros(kernels, DType.I32, 2, 64);
      Tensor attended = scope.allocate(DType.F32, 128, 128);
      Tensor logSumExp = scope.allocate(DType.F32, 2, 4, 64);
      kernels.attention(shape, qkv, starts, attended, logSumExp);
      Tensor dQkv = scope.allocate(DType.F32, 128, 256);
      kernels.attentionBackward(shape, attended, qkv, starts, attended, logSumExp, dQkv);
      Tensor norm = scope.zeros(kernels, DType.F32, 128);
      Tensor hidden = scope.allocate(DType.BF16, 128, 128);
      kernels.rmsNorm(attended, norm, 1e-5, hidden, scope.allocate(DType.F32, 128));
      Tensor weight = scope.zeros(kernels, DType.F32, 512, 128);
      Tensor compute = scope.allocate(DType.BF16, 512, 128);
      kernels.copy(weight, compute);
      Tensor targets = scope.zeros(kernels, DType.I32, 128);
      Tensor sums = scope.zeros(kernels, DType.F64, 2);
      Tensor dHidden = scope.allocate(DType.F32, 128, 128);
      Tensor dWeight = scope.zeros(kernels, DType.F32, 512, 128);
      kernels.linearCrossEntropy(hidden, compute, targets, 1, 0, sums, dHidden, dWeight);
      Tensor moments = scope.zeros(kernels, DType.F32, 2, 512, 128);
      AdamWStep step = new AdamWStep(1e-3, 0.9, 0.95, 1e-8, 0, 0.1, 0.05, 1);
      kernels.adamW(step, weight, dWeight, moments.slice(0, 1), moments.slice(1, 2), compute);
    }
  }

  /** No rows: nothing happens, and nothing breaks. */
  @Test
  default void emptyTensors() {
    Kernels kernels = backend().kernels();
    try (Scope scope = backend().scope("empty")) {
      Tensor none = scope.zeros(kernels, DType.F32, 0, 4);
      Tensor noInts = scope.zeros(kernels, DType.I32, 0);
      Tensor weight = scope.zeros(kernels, DType.F32, 3, 4);
      Tensor sum = scope.zeros(kernels, DType.F64, 1);
      kernels.copy(none, scope.allocate(DType.F32, 0, 4));
      kernels.copy(none, scope.allocate(DType.BF16, 0, 4));
      kernels.add(none, none.reshape(4, 0));
      kernels.scale(none, 2);
      kernels.sumOfSquares(none, sum);
      kernels.gatherRows(weight, noInts, none);
      kernels.scatterAddRows(none, noInts, weight);
      kernels.swiGlu(none, scope.allocate(DType.F32, 0, 2));
      Tensor inverse = scope.allocate(DType.F32, 0);
      kernels.rmsNorm(none, weight.slice(0, 1), 1, scope.allocate(DType.F32, 0, 4), inverse);
      assertThat(backend().doubles(sum)).containsExactly(0);
      assertThat(backend().floats(weight)).containsOnly(0);
      assertThat(backend().floats(none)).isEmpty();
    }
  }
}
