package io.kanana.spark;

import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.miniature.MiniatureWeb;
import io.kanana.data.miniature.PageKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A small web with faults of every kind, in several files, and a configuration that filters it by
 * steps of every kind: those that see one document, and those that compare all of them.
 *
 * @param directory of the files, by its absolute path
 */
record Web(Path directory) {
  private static final int FILES = 4;

  /** The cascade of configs/data/miniature.yaml. */
  static final String STEPS =
      """
      - {type: length, min-characters: 20}
      - mojibake
      - {type: gopher-repetition, words: korean, max-top-ngrams: [0.3, 0.3, 0.3], max-duplicate-ngrams: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]}
      - {type: language, languages: [ko, en], min-score: 0}
      - exact-duplicates
      - {type: decontaminate, benchmarks: [{name: exam, path: "EXAM", fields: [question]}]}
      - {type: duplicate-paragraphs, unit: line, text: raw, min-characters: 72}
      - {type: near-duplicates, bands: 20, rows: 7}
      - personal-data
      """;

  /** Writes the documents, with records between them that are none. */
  static Web write(Path directory, int documents) throws IOException {
    Map<String, Double> faults =
        Map.of(
            "too-short", 0.05,
            "mojibake", 0.05,
            "exact-duplicate", 0.1,
            "spam", 0.05,
            "boilerplate", 0.1,
            "near-duplicate", 0.15,
            "benchmark-leak", 0.05,
            "personal-data", 0.1);
    MiniatureWeb web =
        new MiniatureWeb(
            new MiniatureWeb.Config(
                documents, 0.5, 1, List.of(PageKind.QUESTIONS, PageKind.DIALOGUE), faults));
    for (int file = 0; file < FILES; file++) {
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      for (long i = (long) file * documents / FILES; i < (file + 1L) * documents / FILES; i++) {
        Document page = web.document(i);
        lines.write(DocumentLines.line(page));
      }
      lines.write("not json\n{\"text\": \" \"}\n".getBytes(StandardCharsets.UTF_8));
      Files.write(directory.resolve("web-" + file + ".jsonl"), lines.toByteArray());
    }
    return new Web(directory);
  }

  /** A configuration of these steps; EXAM stands for a benchmark's path. */
  Path config(String name, String steps) throws IOException {
    Path exam = Path.of(System.getProperty("kanana.root"), "configs/data/miniature-exam.jsonl");
    Path file = directory.resolve(name + ".yaml");
    return Files.writeString(
        file,
        """
        job: filter
        output: OUTPUT
        data: {documents: ["FILES"]}
        shards: {bytes: 15000, file-bytes: 20000}
        labels: {field: fault, steps: {}}
        steps:
        STEPS
        """
            .replace("OUTPUT", output(name).toString())
            .replace("FILES", directory.resolve("web-*.jsonl").toString())
            .replace("STEPS", steps.indent(2).stripTrailing())
            .replace("EXAM", exam.toAbsolutePath().normalize().toString()));
  }

  Path output(String name) {
    return directory.resolve(name);
  }
}
