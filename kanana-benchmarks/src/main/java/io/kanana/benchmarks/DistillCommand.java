package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.tensor.Divergence;
import io.kanana.core.tensor.TensorBackend;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "distill",
    description = {
      "Time a step of a student beside its teacher, and what both cost alone.",
      "A step on next tokens, the teacher's forward pass and the step of both take turns."
    },
    mixinStandardHelpOptions = true)
final class DistillCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private JsonArguments json;
  @Mixin private BackendArguments backend;
  @Mixin private ShapeArguments shape;

  @Option(
      names = "--teacher",
      paramLabel = "NAME|FILE",
      description = "The teacher's shape, of the same vocabulary; the student's if not given.")
  private String teacher;

  @Option(
      names = "--divergence",
      paramLabel = "KIND",
      defaultValue = "FORWARD",
      description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private Divergence divergence;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      defaultValue = "0",
      description = "Tokens of the teacher that count; 0 for all.")
  private int topK;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "10",
      description = "Rounds that are timed, after as many that are not (${DEFAULT-VALUE}).")
  private int steps;

  @Override
  public void run() {
    BenchmarkShape student = shape.shape();
    BenchmarkShape other =
        teacher == null ? student : BenchmarkShape.of(teacher).withContext(student.context());
    DistillBenchmark.Plan plan =
        new DistillBenchmark.Plan(student, other, backend.operands(), divergence, topK, steps);
    try (TensorBackend opened = backend.open()) {
      DistillBenchmark.Measured measured = DistillBenchmark.run(plan, opened);
      PrintWriter out = spec.commandLine().getOut();
      print(out, plan, opened.description(), measured);
      out.flush();
      json.write(json(plan, measured));
    }
  }

  private static void print(
      PrintWriter out, DistillBenchmark.Plan plan, String machine, DistillBenchmark.Measured seen) {
    out.println("student  " + plan.student().description());
    out.println("teacher  " + plan.teacher().description());
    out.println("back end " + machine + ", " + plan.operands());
    line(out, "student's step on next tokens  %8.1f ms", 1e3 * seen.student());
    line(out, "teacher's forward pass         %8.1f ms", 1e3 * seen.teacher());
    line(out, "step of both                   %8.1f ms", 1e3 * seen.distillation());
    line(out, "step of both over its parts    %8.3f", seen.ratio());
    line(out, "tensors, parts in turn         %8.1f MiB", seen.poolAlone() / 1048576.0);
    line(out, "tensors, both                  %8.1f MiB", seen.poolTogether() / 1048576.0);
  }

  private static void line(PrintWriter out, String format, double value) {
    out.println(String.format(Locale.ROOT, format, value));
  }

  private static ObjectNode json(DistillBenchmark.Plan plan, DistillBenchmark.Measured seen) {
    return new ObjectMapper()
        .createObjectNode()
        .put("program", "kanana distill")
        .put("student", plan.student().name())
        .put("teacher", plan.teacher().name())
        .put("precision", plan.operands().toString())
        .put("divergence", plan.divergence().name())
        .put("topK", plan.topK())
        .put("studentSeconds", seen.student())
        .put("teacherSeconds", seen.teacher())
        .put("distillationSeconds", seen.distillation())
        .put("ratio", seen.ratio())
        .put("poolAlone", seen.poolAlone())
        .put("poolTogether", seen.poolTogether());
  }
}
