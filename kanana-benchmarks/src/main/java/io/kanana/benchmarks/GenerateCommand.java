package io.kanana.benchmarks;

import io.kanana.benchmarks.GenerateBenchmark.Measured;
import io.kanana.benchmarks.GenerateBenchmark.Plan;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.model.Llama;
import io.kanana.core.random.RandomKey;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "generate",
    description = {
      "Time reading a prompt and generating tokens one after the other.",
      "Prompts are random tokens; the most probable token comes next, and none ends the text."
    },
    mixinStandardHelpOptions = true)
final class GenerateCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private JsonArguments json;

  @ArgGroup(multiplicity = "1")
  private ModelArguments model;

  @Mixin private BackendArguments backend;

  @Option(
      names = "--prompt",
      paramLabel = "N",
      defaultValue = "512",
      description = "Tokens of the prompt (${DEFAULT-VALUE}).")
  private int prompt;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      defaultValue = "128",
      description = "Tokens to generate (${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description = "Sequences that are continued together (${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often, after a first time that is not counted (${DEFAULT-VALUE}).")
  private int runs;

  @Override
  public void run() {
    Plan plan = new Plan(prompt, tokens, batch, runs);
    BenchmarkShape shape = model.directory().isPresent() ? null : BenchmarkShape.of(model.name());
    MachinePeak before = PeakProcess.measure(backend.threads());
    GenerateReport report;
    try (TimedBackend opened = new TimedBackend(backend.open(), System::nanoTime)) {
      GenerateReport.Setting setting =
          new GenerateReport.Setting(
              model.name(), backend.operands(), opened.name(), opened.description());
      Measured measured = shape == null ? onDisk(plan, opened) : random(plan, shape, opened);
      MachinePeak after = PeakProcess.measure(backend.threads());
      report = new GenerateReport(setting, plan, measured, before, after);
    }
    PrintWriter out = spec.commandLine().getOut();
    report.print(out);
    out.flush();
    json.write(report.json());
  }

  private Measured onDisk(Plan plan, TimedBackend opened) {
    Path directory = model.directory().orElseThrow();
    try (ModelDirectory read =
        ModelDirectory.open(directory, opened, backend.operands().precision())) {
      return GenerateBenchmark.run(plan, read.model(), opened);
    }
  }

  private Measured random(Plan plan, BenchmarkShape shape, TimedBackend opened) {
    BenchmarkShape fitting =
        shape.context() < plan.positions() ? shape.withContext(plan.positions()) : shape;
    try (Llama random = Llama.frozen(fitting.model(), backend.operands().precision(), opened)) {
      random.initialise(RandomKey.of(1), 0.02);
      return GenerateBenchmark.run(plan, random, opened);
    }
  }
}
