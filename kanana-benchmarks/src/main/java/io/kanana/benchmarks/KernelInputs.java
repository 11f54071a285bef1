package io.kanana.benchmarks;

import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.function.IntUnaryOperator;

/** Tensors of random values for a kernel to work on; they belong to the scope. */
final class KernelInputs {
  private static final RandomKey KEY = RandomKey.of(4);

  private final TensorBackend backend;
  private final Scope scope;
  private long made;

  KernelInputs(TensorBackend backend, Scope scope) {
    this.backend = backend;
    this.scope = scope;
  }

  Tensor f32(int... shape) {
    return random(DType.F32, shape);
  }

  Tensor bf16(int... shape) {
    return random(DType.BF16, shape);
  }

  private Tensor random(DType dtype, int... shape) {
    float[] values = new float[Math.toIntExact(Tensor.size(shape))];
    KEY.child(made++).fillGaussian(values, 0, 1);
    Tensor tensor = scope.allocate(dtype, shape);
    backend.write(values, tensor);
    return tensor;
  }

  Tensor zeros(DType dtype, int... shape) {
    return scope.zeros(backend.kernels(), dtype, shape);
  }

  /** The i-th element is what {@code value} says of i. */
  Tensor ints(int size, IntUnaryOperator value) {
    int[] values = new int[size];
    for (int i = 0; i < size; i++) {
      values[i] = value.applyAsInt(i);
    }
    Tensor tensor = scope.allocate(DType.I32, size);
    backend.write(values, tensor);
    return tensor;
  }

  /** As many random ids below a bound. */
  Tensor ids(int size, int bound) {
    RandomKey key = KEY.child(made++);
    return ints(size, i -> key.below(i, bound));
  }
}
