package io.kanana.spark;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a run left, without what clocks put into it. */
final class Outcome {
  private static final String STATS = "stats.json";
  private static final String PROVENANCE = "provenance.json";

  private Outcome() {}

  /**
   * The digest of each file of the documents, kept and dropped, and what stands beside them; the
   * statistics and the quarantine as they are.
   */
  static SortedMap<String, String> of(Path output) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    for (String name : new String[] {"kept", "dropped"}) {
      Artefact artefact = Artefact.open(output.resolve(name));
      artefact.verify();
      artefact
          .manifest()
          .files()
          .forEach((file, record) -> files.put(name + "/" + file, record.sha256()));
      files.remove(name + "/" + PROVENANCE);
      files.put(name + "/" + Manifest.FILE, artefact.manifest().kind());
    }
    files.put("kept/" + STATS, timeless(output.resolve("kept").resolve(STATS)));
    files.put("quarantine.jsonl", Files.readString(output.resolve("quarantine.jsonl")));
    return files;
  }

  private static String timeless(Path stats) throws IOException {
    return Files.readString(stats, StandardCharsets.UTF_8)
        .replaceAll("\"nanoseconds\":[0-9]+", "\"nanoseconds\":0");
  }
}
