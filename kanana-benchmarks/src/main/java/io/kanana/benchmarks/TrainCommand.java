package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.TokenBatch;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "train",
    description = {
      "Time whole training steps: forward, backward, clipping, AdamW.",
      "Always the same random tokens. Then the same steps once more with every kernel timed.",
      "With sft and dpo the tokens are packed prompts with answers, of which these are learnt."
    },
    mixinStandardHelpOptions = true)
final class TrainCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private JsonArguments json;
  @Mixin private BackendArguments backend;
  @Mixin private ShapeArguments shape;

  @Option(
      names = "--objective",
      paramLabel = "next-token|sft|dpo",
      defaultValue = "next-token",
      description = "What is learnt (${DEFAULT-VALUE}).")
  private Lesson.Kind lesson;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Write what a step learns there, as JSON, for other programs to learn it.")
  private Path data;

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
        new TrainBenchmark.Plan(
            resolved, lesson, backend.operands(), backend.threads(), warmUp, steps);
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
    if (data != null) {
      JsonArguments.writeTo(data, batch(measured.batch()));
    }
  }

  private ObjectNode batch(TokenBatch batch) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("objective", lesson.toString());
    json.put("rows", batch.rows());
    json.put("contextLength", batch.contextLength());
    json.put("ignored", TokenBatch.IGNORE);
    json.putPOJO("tokens", batch.tokens());
    json.putPOJO("targets", batch.targets());
    json.putPOJO("documentStarts", batch.documentStarts());
    return json;
  }
}
