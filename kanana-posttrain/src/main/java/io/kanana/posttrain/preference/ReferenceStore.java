package io.kanana.posttrain.preference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.JsonLog;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.Stopped;
import io.kanana.core.model.Llama;
import io.kanana.posttrain.preference.PairBatches.Placed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a reference thinks of pairs, computed once and kept: an artefact of {@code header.json} and
 * {@code log-probabilities.jsonl}, a line for each pair. The header says of which model, which
 * tokenizer and template, and which pairs it is, and a store of others is refused by name. While it
 * is made, lines are kept beside it, so that a killed run goes on.
 */
public final class ReferenceStore {
  /**
   * What a store is of.
   *
   * @param model the reference's id
   * @param format the fingerprint of its tokenizer and chat template
   * @param data the fingerprint of the pairs, in their packing
   * @param precision of the products
   * @param pairs how many
   */
  public record Header(String model, String format, String data, String precision, long pairs) {}

  /** The kind of the artefacts. */
  public static final String KIND = "reference-log-probabilities";

  private static final String HEADER = "header.json";
  private static final String LINES = "log-probabilities.jsonl";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final Header header;

  /**
   * @param directory where it is, or will be
   * @param header of the store that is needed
   */
  public ReferenceStore(Path directory, Header header) {
    this.directory = directory;
    this.header = header;
  }

  /** Whether it is complete; it may still be of something else. */
  public boolean isDone() {
    return Artefact.isArtefact(directory);
  }

  /**
   * The values of a store that is there.
   *
   * @throws ConfigException naming what it is of and what is needed
   * @throws CheckpointException if it is damaged
   */
  public ReferenceLogs read() {
    Artefact artefact = Artefact.open(directory);
    artefact.verify();
    check(header(artefact.file(HEADER)));
    ReferenceLogs logs = ReferenceLogs.none(Math.toIntExact(header.pairs()));
    BitSet known = new BitSet();
    try {
      for (String line : Files.readAllLines(artefact.file(LINES))) {
        put(JSON.readTree(line), logs, known);
      }
    } catch (IOException e) {
      throw new CheckpointException(directory + ": cannot be read: " + Reason.of(e), e);
    }
    if (known.cardinality() != header.pairs()) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: has %d of %d pairs; remove it, and it is made again",
              directory,
              known.cardinality(),
              header.pairs()));
    }
    return logs;
  }

  private static Header header(Path file) {
    try {
      return JSON.readValue(file.toFile(), Header.class);
    } catch (IOException e) {
      throw new CheckpointException(file + ": is no header of a store: " + Reason.of(e), e);
    }
  }

  private void check(Header found) {
    List<String> differences = new ArrayList<>();
    compare("reference model", found.model(), header.model(), differences);
    compare("tokenizer and template", found.format(), header.format(), differences);
    compare("pairs", found.data(), header.data(), differences);
    compare("precision", found.precision(), header.precision(), differences);
    compare("number of pairs", found.pairs(), header.pairs(), differences);
    if (!differences.isEmpty()) {
      throw new ConfigException(
          "reference",
          "the log-probabilities in "
              + directory
              + " are of another "
              + String.join(", another ", differences)
              + "; remove them, and they are made again, or give another output");
    }
  }

  private static void compare(String what, Object found, Object wanted, List<String> differences) {
    if (!Objects.equals(found, wanted)) {
      differences.add(what + " (" + found + ", needed " + wanted + ")");
    }
  }

  private static void put(JsonNode line, ReferenceLogs logs, BitSet known) {
    int pair = line.path("pair").asInt(-1);
    if (pair >= 0 && pair < logs.chosen().length && !known.get(pair)) {
      logs.chosen()[pair] = line.path("chosen").asDouble(Double.NaN);
      logs.rejected()[pair] = line.path("rejected").asDouble(Double.NaN);
      known.set(pair);
    }
  }

  /**
   * Computes what is missing and writes the store.
   *
   * @param reference frozen
   * @param data the pairs of a single pass
   * @param microBatch rows at once
   * @throws Stopped if the run is asked to stop; what was computed is kept
   */
  public ReferenceLogs make(Llama reference, PairBatches data, int microBatch, JobContext context) {
    ReferenceLogs logs = ReferenceLogs.none(data.pairs().size());
    BitSet known = new BitSet();
    makePlace();
    try (JsonLog log = JsonLog.open(partial(), line -> put(line, logs, known))) {
      for (long first = 0; first < data.epochLength(); first += microBatch) {
        int rows = (int) Math.min(microBatch, data.epochLength() - first);
        List<Placed> placed = data.placed(first, rows);
        if (!placed.stream().allMatch(pair -> known.get(pair.pair()))) {
          stopIfAsked(context);
          logs.compute(reference, data, first, rows);
          log.add(placed.stream().map(pair -> line(pair.pair(), logs)).toList());
          tell(first + rows, data.epochLength(), context);
        }
      }
    }
    write(logs);
    return logs;
  }

  private void makePlace() {
    try {
      Files.createDirectories(directory.getParent());
    } catch (IOException e) {
      throw new CheckpointException(directory.getParent() + ": cannot be made: " + Reason.of(e), e);
    }
  }

  /** Named by what it is of, so that one of something else is not gone on with. */
  private Path partial() {
    return directory.resolveSibling(
        directory.getFileName() + "-" + Integer.toHexString(header.hashCode()) + ".partial.jsonl");
  }

  private static void stopIfAsked(JobContext context) {
    if (context.cancellation().requested()) {
      throw new Stopped();
    }
  }

  private static void tell(long done, long rows, JobContext context) {
    context.progress().status(String.format(Locale.ROOT, "reference: %,d of %,d rows", done, rows));
  }

  private static ObjectNode line(int pair, ReferenceLogs logs) {
    return JSON.createObjectNode()
        .put("pair", pair)
        .put("chosen", logs.chosen(pair))
        .put("rejected", logs.rejected(pair));
  }

  private void write(ReferenceLogs logs) {
    StringBuilder lines = new StringBuilder();
    for (int pair = 0; pair < logs.chosen().length; pair++) {
      lines.append(line(pair, logs)).append('\n');
    }
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, KIND, List.of())) {
      artefact.write(HEADER, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(header));
      artefact.write(LINES, lines.toString());
      artefact.commit();
      Files.deleteIfExists(partial());
    } catch (IOException e) {
      throw new CheckpointException(directory + ": cannot be written: " + Reason.of(e), e);
    }
  }
}
