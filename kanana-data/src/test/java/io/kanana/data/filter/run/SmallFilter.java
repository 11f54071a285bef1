package io.kanana.data.filter.run;

import com.github.luben.zstd.ZstdInputStream;
import io.kanana.core.extension.Extensions;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Told;
import io.kanana.data.Corpora;
import io.kanana.data.DataExtensions;
import io.kanana.data.dedup.DedupSteps;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentLines;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.filter.basic.BasicSteps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A filtering run in a directory of its own. */
record SmallFilter(Path directory) {
  Path corpus() {
    return directory.resolve("corpus.jsonl");
  }

  Path output() {
    return directory.resolve("out");
  }

  void write(List<Document> documents) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (Document document : documents) {
      lines.write(DocumentLines.line(document));
    }
    Files.write(corpus(), lines.toByteArray());
  }

  /**
   * @param steps as YAML
   */
  ConfiguredJob<?> configured(String steps, String... assignments) throws IOException {
    Path file = directory.resolve("filter.yaml");
    Files.writeString(
        file,
        "job: filter\noutput: "
            + output()
            + "\ndata: {documents: ['"
            + corpus()
            + "']}\nsteps: "
            + steps
            + "\n");
    AtomicLong calls = new AtomicLong(); // a clock that each look at it moves on
    Extensions extensions =
        Extensions.of(new DataExtensions(), new BasicSteps(), new DedupSteps(), new TestSteps());
    return Jobs.of(
            List.of(new FilterJob(calls::getAndIncrement)),
            extensions,
            SmallFilter.class.getClassLoader())
        .configure(file, List.of(assignments));
  }

  /** What it told. */
  List<String> run(String steps, String... assignments) throws IOException {
    return run(new Cancellation(), steps, assignments);
  }

  List<String> run(Cancellation cancellation, String steps, String... assignments)
      throws IOException {
    TestSteps.cancellation = cancellation;
    Told progress = new Told();
    configured(steps, assignments).run(true, progress, Clock.systemUTC(), cancellation);
    return progress.lines();
  }

  /** The files of an artefact's documents, with their bytes as they are. */
  SortedMap<String, List<Byte>> files(String artefact) throws IOException {
    SortedMap<String, List<Byte>> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(output().resolve(artefact))) {
      for (Path file : all.filter(SmallFilter::hasDocuments).toList()) {
        List<Byte> bytes = new ArrayList<>();
        for (byte each : Files.readAllBytes(file)) {
          bytes.add(each);
        }
        files.put(file.getFileName().toString(), bytes);
      }
    }
    return files;
  }

  private static boolean hasDocuments(Path file) {
    return Stream.of(FilterConfig.Write.Format.values())
        .anyMatch(format -> file.toString().endsWith(format.extension()));
  }

  List<Document> documents(String artefact) {
    return Corpora.read(
        FilesConfig.of(output().resolve(artefact).toString()).create(),
        rejected -> {
          throw new AssertionError(rejected.toString());
        });
  }

  String text(String artefact, String file) throws IOException {
    try (InputStream in =
        new ZstdInputStream(Files.newInputStream(output().resolve(artefact).resolve(file)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
