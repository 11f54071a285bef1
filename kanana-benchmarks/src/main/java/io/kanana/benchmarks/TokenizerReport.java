package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.benchmarks.TokenizerBenchmark.Measured;
import io.kanana.benchmarks.TokenizerBenchmark.Settings;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalLong;

/** What {@code kanana bench tokenizer} says, to people and as JSON. */
record TokenizerReport(Work work, Settings settings, Measured measured, OptionalLong peakResident) {
  /** What was timed. */
  enum Work {
    LOAD,
    ENCODE,
    TRAIN;

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("program", "kanana");
    json.put("work", work.key());
    json.put("threads", settings.threads());
    json.put("seconds", Numbers.rounded(measured.medianSeconds(), 4));
    json.put("firstSeconds", Numbers.rounded(measured.seconds()[0], 4));
    json.put("megabytesPerSecond", Numbers.rounded(measured.megabytesPerSecond(), 2));
    json.put("bytes", measured.bytes());
    json.put("tokens", measured.tokens());
    Numbers.putMegabytes(json, "peakMemoryMB", peakResident);
    json.put("digest", measured.digest());
    return json;
  }

  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s: %.4f s on %d threads, median of %d; %.4f s at first%n",
        work.key(),
        measured.medianSeconds(),
        settings.threads(),
        settings.rounds(),
        measured.seconds()[0]);
    out.printf(
        Locale.ROOT,
        "%,.1f MB/s of %,d bytes; %,d tokens, digest %s%n",
        measured.megabytesPerSecond(),
        measured.bytes(),
        measured.tokens(),
        measured.digest());
  }
}
