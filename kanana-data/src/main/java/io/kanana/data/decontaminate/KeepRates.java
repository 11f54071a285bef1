package io.kanana.data.decontaminate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.data.filter.TallyFilter;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How much of a corpus is left when each benchmark is taken out of it. */
final class KeepRates implements TallyFilter.Tally {
  /** The file beside the documents. */
  static final String FILE = "decontamination.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is counted of one benchmark. */
  static final class Rate implements Serializable {
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

    private void drop(long bytes) {
      dropped[0]++;
      dropped[1] += bytes;
    }

    private void plus(Rate other) {
      found.addAll(other.found);
      dropped[0] += other.dropped[0];
      dropped[1] += other.dropped[1];
    }

    private void write(ObjectNode out, long documents, long bytes) {
      out.put("name", name).put("entries", entries).put("searched", searched);
      out.put("found", found.size()).put("documentsDropped", dropped[0]);
      out.put("documentsKeptPercent", percent(documents - dropped[0], documents));
      out.put("bytesKeptPercent", percent(bytes - dropped[1], bytes));
    }
  }

  private final ArrayList<Rate> rates;
  private long documents;
  private long bytes;
  private long keptDocuments;
  private long keptBytes;

  KeepRates(List<Rate> rates) {
    this.rates = new ArrayList<>(rates);
  }

  @Override
  public void add(byte[] sketch) {
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

  @Override
  public KeepRates plus(TallyFilter.Tally tally) {
    KeepRates other = (KeepRates) tally;
    documents += other.documents;
    bytes += other.bytes;
    keptDocuments += other.keptDocuments;
    keptBytes += other.keptBytes;
    for (int i = 0; i < rates.size(); i++) {
      rates.get(i).plus(other.rates.get(i));
    }
    return this;
  }

  private static double percent(long part, long whole) {
    return whole == 0 ? 100 : Math.round(10_000.0 * part / whole) / 100.0;
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
