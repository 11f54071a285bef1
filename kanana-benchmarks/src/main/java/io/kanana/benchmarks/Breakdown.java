package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * Where the time of some steps went, kernel by kernel, each compared with what the machine could do
 * at best.
 *
 * @param steps how many
 * @param seconds of all steps together, with the timing of kernels in it
 */
record Breakdown(List<KernelTimes.Row> rows, int steps, double seconds, Roofline best) {
  private static final String OUTSIDE = "between kernels";

  /** What is no kernel's: the tape, memory, reading results. */
  private double outside() {
    return seconds - rows.stream().mapToDouble(KernelTimes.Row::seconds).sum();
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("steps", steps);
    json.put("secondsPerStep", Numbers.rounded(seconds / steps, 6));
    json.put("outsideShare", Numbers.rounded(outside() / seconds, 4));
    ArrayNode kernels = json.putArray("kernels");
    rows.forEach(row -> kernels.add(json(row)));
    return json;
  }

  private ObjectNode json(KernelTimes.Row row) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kernel", row.kernel());
    json.put("detail", row.detail());
    json.put("callsPerStep", Numbers.rounded((double) row.calls() / steps, 2));
    json.put("secondsPerStep", Numbers.rounded(row.seconds() / steps, 9));
    json.put("share", Numbers.rounded(row.seconds() / seconds, 4));
    best.put(json, row.flops(), row.bytes(), row.seconds());
    return json;
  }

  void print(PrintWriter out) {
    out.printf(Locale.ROOT, "  share  ms/step  calls  of %,.2f ms each%n", 1e3 * seconds / steps);
    for (KernelTimes.Row row : rows) {
      String name = (row.kernel() + " " + row.detail()).strip();
      String calls = String.format(Locale.ROOT, "%5d", Math.round((double) row.calls() / steps));
      String rate = best.rate(row.flops(), row.bytes(), row.seconds());
      print(out, row.seconds(), calls, name, rate);
    }
    print(out, outside(), "     ", OUTSIDE, "");
  }

  private void print(PrintWriter out, double time, String calls, String name, String rate) {
    String line =
        String.format(
            Locale.ROOT,
            "%5.1f %% %8.2f  %s  %-44s %s",
            100 * time / seconds,
            1e3 * time / steps,
            calls,
            name,
            rate);
    out.println(line.stripTrailing());
  }
}
