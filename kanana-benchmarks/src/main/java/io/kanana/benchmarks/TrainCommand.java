package io.kanana.benchmarks;

import io.kanana.core.tensor.TensorBackend;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "train",
    description = {
      "Time whole training steps: forward, backward, clipping, AdamW.",
      "Always the same random tokens. Then the same steps once more with every kernel timed."
    },
    mixinStandardHelpOptions = true)
final class TrainCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private JsonArguments json;
  @Mixin private BackendArguments backend;
  @Mixin private ShapeArguments shape;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "20",
      description = "Steps that are timed (${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "5",
      description = "Steps before them (${DEFAULT-VALUE}).")
  private int warmUp;

  @Override
  public void run() {
    BenchmarkShape resolved = shape.shape();
    TrainBenchmark.Plan plan =
        new TrainBenchmark.Plan(resolved, backend.operands(), backend.threads(), warmUp, steps);
    MachinePeak before = PeakProcess.measure(backend.threads());
    TrainBenchmark.Measured measured;
    try (TensorBackend opened = backend.open()) {
      measured = TrainBenchmark.run(plan, opened);
    }
    MachinePeak after = PeakProcess.measure(backend.threads());
    TrainReport report = new TrainReport(plan, measured, before, after);
    PrintWriter out = spec.commandLine().getOut();
    report.print(out);
    out.flush();
    json.write(report.json());
  }
}
