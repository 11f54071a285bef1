package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.benchmarks.MinHashBenchmark.Measured;
import java.io.PrintWriter;
import java.util.Locale;

/** What {@code kanana bench minhash} says, to people and as JSON. */
record MinHashReport(String preset, int threads, Measured measured) {
  private static final double MEGA = 1e6;

  private double documentsPerSecond() {
    return measured.timedDocuments() / Median.of(measured.signatureSeconds());
  }

  private double megabytesPerSecond() {
    return measured.timedBytes() / MEGA / Median.of(measured.signatureSeconds());
  }

  private double clusterSeconds() {
    return Median.of(measured.clusterSeconds());
  }

  private double perDocument(long bytes) {
    return (double) bytes / measured.documents();
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("program", "kanana");
    json.put("preset", preset);
    json.put("threads", threads);
    json.put("documents", measured.documents());
    json.put("documentsPerSecond", Numbers.rounded(documentsPerSecond(), 1));
    json.put("megabytesPerSecond", Numbers.rounded(megabytesPerSecond(), 3));
    json.put("clusterSeconds", Numbers.rounded(clusterSeconds(), 6));
    json.put("dropped", measured.dropped());
    json.put("sketchBytesPerDocument", perDocument(measured.sketchBytes()));
    json.put("decisionBytesPerDocument", Numbers.rounded(perDocument(measured.decisionBytes()), 1));
    Numbers.putMegabytes(json, "peakMemoryMB", measured.peakResident());
    return json;
  }

  void print(PrintWriter out) {
    line(out, "%,d documents, preset %s, threads: %d", measured.documents(), preset, threads);
    line(
        out,
        "signatures   %,.0f documents/s, %.2f MB/s",
        documentsPerSecond(),
        megabytesPerSecond());
    line(
        out,
        "clusters     %.3f s, %,.0f documents/s, %,d documents dropped",
        clusterSeconds(),
        measured.documents() / clusterSeconds(),
        measured.dropped());
    line(
        out,
        "memory       %.0f bytes a sketch, %.0f bytes a document for the decision",
        perDocument(measured.sketchBytes()),
        perDocument(measured.decisionBytes()));
    measured
        .peakResident()
        .ifPresent(bytes -> line(out, "resident     %,d MB at most", Math.round(bytes / MEGA)));
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
