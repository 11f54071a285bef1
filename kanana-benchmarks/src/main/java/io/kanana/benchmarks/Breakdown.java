package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Where the time of some steps went, kernel by kernel.
 *
 * @param seconds of each step, with the timing of kernels in it
 * @param peak FLOP/s
 */
record Breakdown(List<KernelTimes.Row> rows, double[] seconds, double peak) {
  private static final String OUTSIDE = "between kernels";

  private double total() {
    return Arrays.stream(seconds).sum();
  }

  /** What is no kernel's: the tape, memory, reading results. */
  private double outside() {
    return total() - rows.stream().mapToDouble(KernelTimes.Row::seconds).sum();
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("steps", seconds.length);
    json.put("secondsPerStep", Numbers.rounded(total() / seconds.length, 6));
    json.put("outsideShare", Numbers.rounded(outside() / total(), 4));
    ArrayNode kernels = json.putArray("kernels");
    rows.forEach(row -> kernels.add(json(row)));
    return json;
  }

  private ObjectNode json(KernelTimes.Row row) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kernel", row.kernel());
    json.put("detail", row.detail());
    json.put("callsPerStep", Numbers.rounded((double) row.calls() / seconds.length, 2));
    json.put("secondsPerStep", Numbers.rounded(row.seconds() / seconds.length, 9));
    json.put("share", Numbers.rounded(row.seconds() / total(), 4));
    if (row.flops() > 0) {
      json.put("gigaFlopsPerSecond", Numbers.giga(row.flops() / row.seconds()));
      json.put("shareOfPeak", Numbers.rounded(row.flops() / row.seconds() / peak, 4));
    } else {
      json.put("gigaBytesPerSecond", Numbers.giga(row.bytes() / row.seconds()));
    }
    return json;
  }

  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "where the time goes, %d more steps with every kernel timed, %,.1f ms each%n",
        seconds.length,
        1e3 * total() / seconds.length);
    out.printf(Locale.ROOT, "  share  ms/step  calls%n");
    for (KernelTimes.Row row : rows) {
      String name = (row.kernel() + " " + row.detail()).strip();
      print(out, row.seconds(), "%5d".formatted(row.calls() / seconds.length), name, rate(row));
    }
    print(out, outside(), "     ", OUTSIDE, "");
  }

  private void print(PrintWriter out, double time, String calls, String name, String rate) {
    out.printf(
        Locale.ROOT,
        "%5.1f %% %8.2f  %s  %-44s %s%n",
        100 * time / total(),
        1e3 * time / seconds.length,
        calls,
        name,
        rate);
  }

  private String rate(KernelTimes.Row row) {
    if (row.flops() == 0) {
      return String.format(Locale.ROOT, "%,7.1f GB/s", row.bytes() / row.seconds() / 1e9);
    }
    double flops = row.flops() / row.seconds();
    return String.format(Locale.ROOT, "%,7.1f GFLOP/s, %.0f %%", flops / 1e9, 100 * flops / peak);
  }
}
