package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.benchmarks.TrainBenchmark.Measured;
import io.kanana.benchmarks.TrainBenchmark.Plan;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;

/**
 * What {@code kanana bench train} says, to people and as JSON.
 *
 * @param before the machine's peak before the steps
 * @param after the same after the steps
 */
record TrainReport(Plan plan, Measured measured, MachinePeak before, MachinePeak after) {
  private static final double MEGA = 1 << 20;

  private double secondsPerStep() {
    return Median.of(measured.seconds());
  }

  private double tokensPerSecond() {
    return measured.batch().tokens().length / secondsPerStep();
  }

  private double documentTokensPerSecond() {
    return measured.documentTokens() / secondsPerStep();
  }

  private double flopsPerSecond() {
    return measured.last().flops() / secondsPerStep();
  }

  private double peak() {
    return MachinePeak.best(before, after).flops(plan.operands().precision());
  }

  private double heapBytesPerStep() {
    return Median.of(Arrays.stream(measured.heapBytes()).asDoubleStream().toArray());
  }

  private Breakdown breakdown() {
    return new Breakdown(
        measured.breakdown(),
        measured.breakdownSeconds().length,
        Arrays.stream(measured.breakdownSeconds()).sum(),
        MachinePeak.best(before, after).roofline(plan.operands().precision()));
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("program", "kanana " + measured.backend());
    json.put("backend", measured.description());
    json.put("shape", plan.shape().name());
    json.put("parameters", plan.shape().model().parameterCount());
    json.put("precision", plan.operands().toString());
    json.put("threads", plan.threads());
    json.put("objective", plan.lesson().toString());
    json.put("batch", measured.batch().rows());
    json.put("context", plan.shape().context());
    json.put("steps", plan.steps());
    json.put("tokensPerSecond", Numbers.rounded(tokensPerSecond(), 1));
    json.put("documentTokensPerSecond", Numbers.rounded(documentTokensPerSecond(), 1));
    json.put("secondsPerStep", Numbers.rounded(secondsPerStep(), 6));
    json.put("flopsPerStep", measured.last().flops());
    json.put("gigaFlopsPerSecond", Numbers.giga(flopsPerSecond()));
    json.put("shareOfPeak", Numbers.rounded(flopsPerSecond() / peak(), 4));
    memory(json);
    json.set("peakBefore", before.json());
    json.set("peakAfter", after.json());
    json.set("breakdown", breakdown().json());
    json.put("loss", Numbers.rounded(measured.last().loss(), 4));
    return json;
  }

  private void memory(ObjectNode json) {
    Numbers.putMegabytes(json, "peakMemoryMB", measured.peakResident());
    json.put("tensorMemoryMB", Math.round(measured.poolPeak() / MEGA));
    json.put("heapBytesPerStep", Math.round(heapBytesPerStep()));
    json.put("heapCountedBy", ProcessMemory.ALLOCATION_COUNTER);
    json.put("tensorGrowthMB", Numbers.rounded(measured.poolGrowth() / MEGA, 3));
    Numbers.putMegabytes(json, "residentGrowthMB", measured.residentGrowth());
  }

  void print(PrintWriter out) {
    out.println(plan.shape().description());
    out.printf(
        Locale.ROOT,
        "back end %s: %s; %s%n",
        measured.backend(),
        measured.description(),
        plan.operands());
    out.println();
    MachinePeak.print(out, before, after);
    out.println();
    out.printf(
        Locale.ROOT,
        "tokens/s        %,10.1f   median of %d steps after %d%n",
        tokensPerSecond(),
        plan.steps(),
        plan.warmUp());
    out.printf(
        Locale.ROOT,
        "of documents    %,10.1f   without padding; objective %s%n",
        documentTokensPerSecond(),
        plan.lesson());
    out.printf(
        Locale.ROOT,
        "GFLOP/s         %,10.1f   %.1f %% of the %s peak, %,.1f%n",
        flopsPerSecond() / 1e9,
        100 * flopsPerSecond() / peak(),
        plan.operands(),
        peak() / 1e9);
    out.printf(
        Locale.ROOT,
        "step            %,10.1f   ms; fastest %,.1f, slowest %,.1f%n",
        1e3 * secondsPerStep(),
        1e3 * Arrays.stream(measured.seconds()).min().orElseThrow(),
        1e3 * Arrays.stream(measured.seconds()).max().orElseThrow());
    printMemory(out);
    out.println();
    out.printf(
        "where the time goes, %d more steps with every kernel timed%n",
        measured.breakdownSeconds().length);
    breakdown().print(out);
  }

  private void printMemory(PrintWriter out) {
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
        heapBytesPerStep() / 1e3,
        ProcessMemory.ALLOCATION_COUNTER);
    out.printf(
        Locale.ROOT, "off-heap growth %,10.1f   MB of tensors", measured.poolGrowth() / MEGA);
    measured
        .residentGrowth()
        .ifPresent(
            bytes -> out.printf(Locale.ROOT, ", %,.1f MB resident, heap included", bytes / MEGA));
    out.printf(Locale.ROOT, ", over all timed steps%n");
  }
}
