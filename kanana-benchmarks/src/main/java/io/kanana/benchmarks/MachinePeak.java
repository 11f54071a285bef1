package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.model.Precision;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What this machine reaches at best on some threads, measured now. Shares are quoted of this,
 * because one processor does twice or half of another, and a virtual one not the same every minute.
 *
 * <p>BF16 dot products cannot be written in Java, so their rate is that of the best of several
 * matrix products whose operands stay in the second-level cache. Products do not quite reach what
 * the instructions do. An instruction on BF16 does as many operations as one on F32 or a power of
 * two times as many, so where products are faster than F32 multiply-adds the peak is at least twice
 * theirs; where they are not, BF16 is at best as fast as F32.
 *
 * @param threads that worked at the same time
 * @param f32 F32 multiply-adds in registers, FLOP/s
 * @param bf16Products the best BF16 product, FLOP/s
 * @param read bytes/s read from memory
 * @param triad bytes/s of STREAM's triad
 */
record MachinePeak(int threads, double f32, double bf16Products, double read, double triad) {
  /** The back end whose memory and products are measured. */
  static final String BACKEND = "cpu";

  private static final int TRIALS = 12;
  private static final double TRIAL_SECONDS = 0.01;

  /** Rows for each thread, columns, depth of products that fit a cache of 1 MiB or 2 MiB. */
  private static final int[][] PRODUCTS = {
    {128, 256, 1024}, {256, 256, 512}, {256, 512, 512}, {512, 256, 512}, {512, 512, 512}
  };

  /** BF16 dot products, FLOP/s: see above. */
  double bf16() {
    return bf16Products > f32 ? Math.max(2 * f32, bf16Products) : f32;
  }

  /** The peak for operands of products in that precision, FLOP/s. */
  double flops(Precision precision) {
    return precision.operands() == DType.BF16 ? bf16() : f32;
  }

  /** What bounds kernels whose operands have that precision. */
  Roofline roofline(Precision precision) {
    return new Roofline(flops(precision), read);
  }

  /** The best of two measurements, quantity by quantity. */
  static MachinePeak best(MachinePeak one, MachinePeak other) {
    return new MachinePeak(
        one.threads,
        Math.max(one.f32, other.f32),
        Math.max(one.bf16Products, other.bf16Products),
        Math.max(one.read, other.read),
        Math.max(one.triad, other.triad));
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("threads", threads);
    json.put("f32GigaFlopsPerSecond", Numbers.giga(f32));
    json.put("bf16GigaFlopsPerSecond", Numbers.giga(bf16()));
    json.put("bf16ProductsGigaFlopsPerSecond", Numbers.giga(bf16Products));
    json.put("readGigaBytesPerSecond", Numbers.giga(read));
    json.put("triadGigaBytesPerSecond", Numbers.giga(triad));
    json.put("vectorBits", FmaLoop.bits());
    return json;
  }

  /** A table of two measurements. */
  static void print(PrintWriter out, MachinePeak before, MachinePeak after) {
    out.printf(
        Locale.ROOT, "peak of this machine, threads: %d    before      after%n", before.threads);
    row(out, "F32 multiply-adds, GFLOP/s", before.f32, after.f32);
    row(out, "BF16 dot products, GFLOP/s", before.bf16(), after.bf16());
    row(out, "  best oneDNN BF16 product", before.bf16Products, after.bf16Products);
    row(out, "memory read, GB/s", before.read, after.read);
    row(out, "memory triad, GB/s", before.triad, after.triad);
  }

  private static void row(PrintWriter out, String what, double before, double after) {
    out.printf(Locale.ROOT, "  %-28s %,10.1f %,10.1f%n", what, before / 1e9, after / 1e9);
  }

  /**
   * Measures in this JVM, which takes a second or two and three quarters of a gigabyte; {@link
   * PeakProcess} does it beside.
   */
  static MachinePeak measureHere(int threads) {
    try (TensorBackend backend = TensorBackends.open(BACKEND, threads);
        Scope scope = backend.scope("peak")) {
      FmaLoop fma = new FmaLoop(threads);
      double f32 = threads * FmaLoop.FLOPS / Lockstep.bestSeconds(threads, 2 * TRIALS, fma::run);
      double bf16 = bf16Products(backend, threads);
      Bandwidth bandwidth = new Bandwidth(backend, scope, threads);
      double read = Bandwidth.BYTES / Lockstep.bestSeconds(threads, 3 * TRIALS, bandwidth::read);
      double triad =
          3 * Bandwidth.BYTES / Lockstep.bestSeconds(threads, 2 * TRIALS, bandwidth::triad);
      return new MachinePeak(threads, f32, bf16, read, triad);
    }
  }

  private static double bf16Products(TensorBackend backend, int threads) {
    double best = 0;
    for (int[] shape : PRODUCTS) {
      best = Math.max(best, bf16Product(backend, threads * shape[0], shape[1], shape[2]));
    }
    return best;
  }

  private static double bf16Product(TensorBackend backend, int m, int n, int k) {
    try (Scope scope = backend.scope("product")) {
      Tensor a = operand(backend, scope, m, k);
      Tensor b = operand(backend, scope, k, n);
      Tensor out = scope.allocate(DType.F32, m, n);
      Runnable product = () -> backend.kernels().matmul(a, false, b, false, out, false);
      double once = Lockstep.bestSeconds(1, 2, _ -> product.run());
      int calls = (int) Math.max(1, TRIAL_SECONDS / once);
      double seconds =
          Lockstep.bestSeconds(
              1, TRIALS, _ -> IntStream.range(0, calls).forEach(_ -> product.run()));
      return calls * 2.0 * m * n * k / seconds;
    }
  }

  /** Of random values: zeros take less power, and then processors run faster. */
  private static Tensor operand(TensorBackend backend, Scope scope, int rows, int columns) {
    float[] values = new float[rows * columns];
    RandomKey.of(3).fillGaussian(values, 0, 1);
    Tensor tensor = scope.allocate(DType.BF16, rows, columns);
    backend.write(values, tensor);
    return tensor;
  }
}
