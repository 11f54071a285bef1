package io.kanana.benchmarks;

import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.HostStorage;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Streams over three buffers that no cache holds: one that is read, and STREAM's triad a = b + s c,
 * which counts two reads and one write though processors also read what they write. The memory is
 * the back end's, so it has the pages that tensors have.
 */
final class Bandwidth {
  /** Of one buffer. */
  static final long BYTES = 256L << 20;

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int VECTOR = SPECIES.vectorByteSize();
  private static final int UNROLLED = 4 * VECTOR;

  /** Bytes that one call of the inner loops takes, so that they are compiled early. */
  private static final int CHUNK = 1 << 18;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private final int threads;
  private final MemorySegment a;
  private final MemorySegment b;
  private final MemorySegment c;
  private final float[] results;

  /** The buffers belong to {@code scope}. */
  Bandwidth(TensorBackend backend, Scope scope, int threads) {
    this.threads = threads;
    this.a = buffer(backend, scope);
    this.b = buffer(backend, scope);
    this.c = buffer(backend, scope);
    this.results = new float[threads];
  }

  private static MemorySegment buffer(TensorBackend backend, Scope scope) {
    Tensor tensor = scope.zeros(backend.kernels(), DType.F32, (int) (BYTES / Float.BYTES));
    return ((HostStorage) tensor.storage()).segment();
  }

  /** Reads a thread's part of a buffer. */
  void read(int thread) {
    float sum = 0;
    for (long chunk = first(thread); chunk < first(thread + 1); chunk++) {
      sum += read(b.asSlice(chunk * CHUNK, CHUNK));
    }
    results[thread] = sum;
  }

  /** Does a thread's part of the triad. */
  void triad(int thread) {
    for (long chunk = first(thread); chunk < first(thread + 1); chunk++) {
      long from = chunk * CHUNK;
      triad(a.asSlice(from, CHUNK), b.asSlice(from, CHUNK), c.asSlice(from, CHUNK));
    }
  }

  private long first(int thread) {
    return BYTES / CHUNK * thread / threads;
  }

  private static float read(MemorySegment in) {
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (int i = 0; i < CHUNK; i += UNROLLED) {
      sum0 = sum0.add(load(in, i));
      sum1 = sum1.add(load(in, i + VECTOR));
      sum2 = sum2.add(load(in, i + 2 * VECTOR));
      sum3 = sum3.add(load(in, i + 3 * VECTOR));
    }
    return sum0.add(sum1).add(sum2).add(sum3).lane(0);
  }

  private static void triad(MemorySegment out, MemorySegment x, MemorySegment y) {
    FloatVector factor = FloatVector.broadcast(SPECIES, 3f);
    for (int i = 0; i < CHUNK; i += VECTOR) {
      load(y, i).fma(factor, load(x, i)).intoMemorySegment(out, i, ORDER);
    }
  }

  private static FloatVector load(MemorySegment segment, long offset) {
    return FloatVector.fromMemorySegment(SPECIES, segment, offset, ORDER);
  }
}
