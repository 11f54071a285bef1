package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.benchmarks.KernelRuns.Timing;
import io.kanana.core.model.Precision;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code kanana bench kernels} says, to people and as JSON. */
final class KernelsReport {
  private final KernelRuns runs;
  private final List<Timing> timings;
  private final MachinePeak before;
  private final MachinePeak after;
  private final Map<String, KernelTimes.Row> work = new HashMap<>();

  KernelsReport(KernelRuns runs, List<Timing> timings, MachinePeak before, MachinePeak after) {
    this.runs = runs;
    this.timings = timings;
    this.before = before;
    this.after = after;
    runs.kernels().forEach(kernel -> work.put(kernel, KernelRuns.work(kernel)));
  }

  private Roofline roofline(String kernel) {
    Precision precision = kernel.endsWith("-bf16") ? Precision.BF16_MIXED : Precision.F32;
    return MachinePeak.best(before, after).roofline(precision);
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("program", "kanana");
    json.put("threads", runs.threads());
    json.put("quick", runs.quick());
    json.set("peakBefore", before.json());
    json.set("peakAfter", after.json());
    ArrayNode kernels = json.putArray("kernels");
    timings.forEach(timing -> kernels.add(json(timing)));
    return json;
  }

  private ObjectNode json(Timing timing) {
    KernelTimes.Row row = work.get(timing.kernel());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kernel", timing.kernel());
    json.put("detail", row.detail());
    json.put("backend", timing.backend());
    json.put("seconds", Numbers.rounded(timing.seconds(), 9));
    json.put("fastestSeconds", Numbers.rounded(timing.fastest(), 9));
    json.put("slowestSeconds", Numbers.rounded(timing.slowest(), 9));
    roofline(timing.kernel()).put(json, row.flops(), row.bytes(), timing.seconds());
    return json;
  }

  void print(PrintWriter out) {
    MachinePeak.print(out, before, after);
    out.println();
    out.println(line("kernel", "", runs.backends()));
    for (String kernel : runs.kernels()) {
      List<String> cells =
          timings.stream().filter(t -> t.kernel().equals(kernel)).map(this::cell).toList();
      out.println(line(kernel, work.get(kernel).detail(), cells));
    }
  }

  private static String line(String kernel, String detail, List<String> cells) {
    String columns = cells.stream().map("%-36s"::formatted).collect(Collectors.joining());
    return String.format(Locale.ROOT, "%-24s%-28s%s", kernel, detail, columns).stripTrailing();
  }

  private String cell(Timing timing) {
    KernelTimes.Row row = work.get(timing.kernel());
    String rate = roofline(timing.kernel()).rate(row.flops(), row.bytes(), timing.seconds());
    return String.format(Locale.ROOT, "%,9.3f ms %s", 1e3 * timing.seconds(), rate);
  }
}
