package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.benchmarks.GenerateBenchmark.Measured;
import io.kanana.benchmarks.GenerateBenchmark.Plan;
import io.kanana.benchmarks.GenerateBenchmark.Timed;
import java.io.PrintWriter;
import java.util.Locale;

/** What {@code kanana bench generate} says, to people and as JSON. */
record GenerateReport(
    Setting setting, Plan plan, Measured measured, MachinePeak before, MachinePeak after) {
  private static final double MEGA = 1 << 20;

  /**
   * What generated.
   *
   * @param model a directory or a shape
   */
  record Setting(
      String model, BackendArguments.Operands operands, String backend, String description) {}

  private double promptSeconds() {
    return Median.of(measured.promptSeconds());
  }

  private double promptFlopsPerSecond() {
    return GenerateBenchmark.promptFlops(plan, measured.model()) / promptSeconds();
  }

  private double secondsPerStep() {
    return Median.of(measured.stepSeconds());
  }

  private double bytesPerSecond() {
    return GenerateBenchmark.bytesPerStep(plan, measured) / secondsPerStep();
  }

  private MachinePeak peak() {
    return MachinePeak.best(before, after);
  }

  private double flopsPeak() {
    return peak().flops(setting.operands().precision());
  }

  private Breakdown breakdown(Timed timed, int steps) {
    return new Breakdown(
        timed.rows(), steps, timed.seconds(), peak().roofline(setting.operands().precision()));
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("program", "kanana " + setting.backend());
    json.put("backend", setting.description());
    json.put("model", setting.model());
    json.put("parameters", measured.model().parameterCount());
    json.put("precision", setting.operands().toString());
    json.put("threads", before.threads());
    json.put("prompt", plan.prompt());
    json.put("tokens", plan.tokens());
    json.put("batch", plan.batch());
    json.put("runs", plan.runs());
    json.put(
        "promptTokensPerSecond",
        Numbers.rounded(plan.batch() * plan.prompt() / promptSeconds(), 1));
    json.put("promptSeconds", Numbers.rounded(promptSeconds(), 6));
    json.put("promptGigaFlopsPerSecond", Numbers.giga(promptFlopsPerSecond()));
    json.put("promptShareOfPeak", Numbers.rounded(promptFlopsPerSecond() / flopsPeak(), 4));
    json.put("tokensPerSecond", Numbers.rounded(plan.batch() / secondsPerStep(), 2));
    json.put("secondsPerStep", Numbers.rounded(secondsPerStep(), 6));
    json.put("bytesPerStep", Math.round(GenerateBenchmark.bytesPerStep(plan, measured)));
    json.put("gigaBytesPerSecond", Numbers.giga(bytesPerSecond()));
    json.put("shareOfReadBandwidth", Numbers.rounded(bytesPerSecond() / peak().read(), 4));
    Numbers.putMegabytes(json, "peakMemoryMB", measured.peakResident());
    json.put("tensorMemoryMB", Math.round(measured.poolPeak() / MEGA));
    json.put("heapBytesPerStep", Math.round(measured.heapBytesPerStep()));
    json.put("heapCountedBy", ProcessMemory.ALLOCATION_COUNTER);
    json.set("peakBefore", before.json());
    json.set("peakAfter", after.json());
    json.set("promptBreakdown", breakdown(measured.prompt(), 1).json());
    json.set("breakdown", breakdown(measured.steps(), plan.steps()).json());
    return json;
  }

  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s: %.1f M parameters; batch %d, prompt of %,d, %,d tokens%n",
        setting.model(),
        measured.model().parameterCount() / 1e6,
        plan.batch(),
        plan.prompt(),
        plan.tokens());
    out.printf(
        "back end %s: %s; %s%n", setting.backend(), setting.description(), setting.operands());
    out.println();
    MachinePeak.print(out, before, after);
    out.println();
    printRates(out);
    out.println();
    out.printf("where the time goes, one more run with every kernel timed: the prompt%n");
    breakdown(measured.prompt(), 1).print(out);
    out.println();
    out.printf("the steps after it%n");
    breakdown(measured.steps(), plan.steps()).print(out);
  }

  private void printRates(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "prompt          %,10.1f   tokens/s, median of %d runs; %,.1f GFLOP/s, %.1f %% of the %s peak%n",
        plan.batch() * plan.prompt() / promptSeconds(),
        plan.runs(),
        promptFlopsPerSecond() / 1e9,
        100 * promptFlopsPerSecond() / flopsPeak(),
        setting.operands());
    out.printf(
        Locale.ROOT,
        "generation      %,10.1f   tokens/s, median of %,d steps; %.2f ms a step%n",
        plan.batch() / secondsPerStep(),
        measured.stepSeconds().length,
        1e3 * secondsPerStep());
    out.printf(
        Locale.ROOT,
        "weights, cache  %,10.1f   MB read a step; %,.1f GB/s, %.1f %% of the memory's %,.1f%n",
        GenerateBenchmark.bytesPerStep(plan, measured) / 1e6,
        bytesPerSecond() / 1e9,
        100 * bytesPerSecond() / peak().read(),
        peak().read() / 1e9);
    measured
        .peakResident()
        .ifPresent(
            bytes ->
                out.printf(
                    Locale.ROOT,
                    "resident memory %,10.0f   MB at its peak; tensors %,.0f MB%n",
                    bytes / MEGA,
                    measured.poolPeak() / MEGA));
    out.printf(
        Locale.ROOT,
        "heap per step   %,10.1f   kB allocated (%s)%n",
        measured.heapBytesPerStep() / 1e3,
        ProcessMemory.ALLOCATION_COUNTER);
  }
}
