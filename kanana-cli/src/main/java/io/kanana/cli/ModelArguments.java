package io.kanana.cli;

import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which model a command asks, and what computes its answers. */
final class ModelArguments {
  /** What matrix products multiply, as it is said on a command line. */
  enum Operands {
    F32(Precision.F32),
    BF16(Precision.BF16_MIXED);

    private final Precision precision;

    Operands(Precision precision) {
      this.precision = precision;
    }
  }

  /** A model and the back end that it lives in, which are closed together. */
  record OpenModel(ModelDirectory directory, TensorBackend backend) implements AutoCloseable {
    @Override
    public void close() {
      directory.close();
      backend.close();
    }
  }

  @Parameters(
      paramLabel = "CHECKPOINT",
      description = "A model's directory, as kanana and Hugging Face libraries write it.")
  private Path checkpoint;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      defaultValue = TensorBackends.AUTO,
      description = "Which tensor back end computes (${DEFAULT-VALUE}: the best that runs here).")
  private String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads compute; as many as there are processors if not given.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--precision",
      paramLabel = "f32|bf16",
      defaultValue = "f32",
      description = "What matrix products multiply (${DEFAULT-VALUE}); bf16 is faster, less exact.")
  private Operands operands;

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description = "A LoRA adapter for this model, ours or PEFT's, which is merged into it first.")
  private Path adapter;

  Path checkpoint() {
    return checkpoint;
  }

  /** Reads the model; the caller closes it. */
  OpenModel open() {
    TensorBackend opened = TensorBackends.open(backend, threads);
    try {
      ModelDirectory directory = ModelDirectory.open(checkpoint, opened, operands.precision);
      mergeInto(directory);
      return new OpenModel(directory, opened);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void mergeInto(ModelDirectory directory) {
    if (adapter == null) {
      return;
    }
    try (PeftAdapter found = PeftAdapter.open(adapter, directory.model().config())) {
      found.attach(directory.model(), false);
      directory.model().mergeAdapters();
    } catch (RuntimeException e) {
      directory.close();
      throw e;
    }
  }
}
