package io.kanana.data.decontaminate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The verdicts, and how much of a corpus is left when each benchmark is taken out of it. */
final class KeepRates implements CorpusFilter.Reported {
  /** The file beside the documents. */
  static final String FILE = "decontamination.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is counted of one benchmark. */
  static final class Rate {
    private final String name;
    private final long entries;
    private final long searched;
    private final Set<Integer> found = new HashSet<>();
    private final long[] dropped = new long[2];

    /**
     * @param searched entries that are long enough to be found
     */
    Rate(String name, long entries, long searched) {
      this.name = name;
      this.entries = entries;
      this.searched = searched;
    }

    String name() {
      return name;
    }

    private void drop(long bytes) {
      dropped[0]++;
      dropped[1] += bytes;
    }

    private void write(ObjectNode out, long documents, long bytes) {
      out.put("name", name).put("entries", entries).put("searched", searched);
      out.put("found", found.size()).put("documentsDropped", dropped[0]);
      out.put("documentsKeptPercent", percent(documents - dropped[0], documents));
      out.put("bytesKeptPercent", percent(bytes - dropped[1], bytes));
    }
  }

  private final List<Rate> rates;
  private final CorpusFilter.Sketches sketches;
  private long documents;
  private long bytes;
  private long keptDocuments;
  private long keptBytes;

  KeepRates(List<Rate> rates, CorpusFilter.Sketches sketches) {
    this.rates = rates;
    this.sketches = sketches;
    for (long place = 0; place < sketches.count(); place++) {
      count(sketches.at(place));
    }
  }

  private void count(byte[] sketch) {
    long size = Decontamination.bytes(sketch);
    List<Benchmarks.Overlap> overlaps = Decontamination.overlaps(sketch);
    documents++;
    bytes += size;
    if (overlaps.isEmpty()) {
      keptDocuments++;
      keptBytes += size;
    }
    overlaps.forEach(overlap -> rates.get(overlap.benchmark()).found.add(overlap.entry()));
    overlaps.stream()
        .mapToInt(Benchmarks.Overlap::benchmark)
        .distinct()
        .forEach(benchmark -> rates.get(benchmark).drop(size));
  }

  private static double percent(long part, long whole) {
    return whole == 0 ? 100 : Math.round(10_000.0 * part / whole) / 100.0;
  }

  @Override
  public Verdict judge(long place, Document document) {
    return Decontamination.overlaps(sketches.at(place)).stream()
        .max(Comparator.comparingDouble(Benchmarks.Overlap::share))
        .map(largest -> Verdict.drop(Decontamination.REASON, measured(largest)))
        .orElseGet(() -> Verdict.keep(document));
  }

  /** As in {@code gsm8k/17 0.250}. */
  private String measured(Benchmarks.Overlap overlap) {
    return String.format(
        Locale.ROOT,
        "%s/%d %.3f",
        rates.get(overlap.benchmark()).name(),
        overlap.entry(),
        overlap.share());
  }

  @Override
  public Map<String, ArtefactWriter.Content> files() {
    return Map.of(FILE, this::write);
  }

  private void write(WritableByteChannel out) throws IOException {
    ByteBuffer json =
        ByteBuffer.wrap(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(report()));
    while (json.hasRemaining()) {
      out.write(json);
    }
  }

  ObjectNode report() {
    ObjectNode report = JSON.createObjectNode();
    report.put("documents", documents).put("bytes", bytes);
    report.put("documentsKeptPercent", percent(keptDocuments, documents));
    report.put("bytesKeptPercent", percent(keptBytes, bytes));
    var each = report.putArray("benchmarks");
    rates.forEach(rate -> rate.write(each.addObject(), documents, bytes));
    return report;
  }
}
