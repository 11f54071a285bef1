package io.kanana.benchmarks;

import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What computes, and in which precision. */
final class BackendArguments {
  /** What matrix products multiply, as it is said on a command line. */
  enum Operands {
    F32(Precision.F32),
    BF16(Precision.BF16_MIXED);

    private final Precision precision;

    Operands(Precision precision) {
      this.precision = precision;
    }

    Precision precision() {
      return precision;
    }

    @Override
    public String toString() {
      return this == F32 ? "f32" : "bf16";
    }
  }

  @Option(
      names = "--precision",
      paramLabel = "f32|bf16",
      defaultValue = "f32",
      description = "What matrix products multiply (${DEFAULT-VALUE}).")
  private Operands operands;

  @Mixin private ThreadArguments threads;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = TensorBackends.AUTO,
      description = "Which tensor back end computes (${DEFAULT-VALUE}: the best that runs here).")
  private String backend;

  Operands operands() {
    return operands;
  }

  int threads() {
    return threads.count();
  }

  /** Opens it; the caller closes it. */
  TensorBackend open() {
    return TensorBackends.open(backend, threads.count());
  }
}
