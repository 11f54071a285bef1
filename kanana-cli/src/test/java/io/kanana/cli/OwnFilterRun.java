package io.kanana.cli;

import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.FilesConfig;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the job of a guide with the step that the guide makes.
 *
 * @param directory of the compiled step
 */
record OwnFilterRun(Path directory) {
  private static final String CORPUS =
      """
      {"text": "A river runs through the quiet town and on to the sea."}
      {"text": "BUY THIS NOW, BUY IT TWICE, AND TELL ALL YOUR FRIENDS"}
      {"text": "Too short."}
      """;

  /** Why documents were dropped, in the order of the steps. */
  List<String> reasons(String job) throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(
        services.resolve("io.kanana.core.extension.ExtensionProvider"),
        "example.Shouting$Provider\n");
    Path corpus = Files.writeString(directory.resolve("corpus.jsonl"), CORPUS);
    Path file = Files.writeString(directory.resolve("calm.yaml"), job);
    Path output = directory.resolve("calm");
    List<String> places = List.of("data.documents=[" + corpus + "]", "output=" + output);
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {directory.toUri().toURL()}, getClass().getClassLoader())) {
      Jobs.load(loader)
          .configure(file, places)
          .run(false, Progress.SILENT, Clock.systemUTC(), new Cancellation());
    }
    return reasons(output.resolve("dropped"));
  }

  private static List<String> reasons(Path dropped) {
    List<String> reasons = new ArrayList<>();
    try (DocumentStream documents =
        FilesConfig.of(dropped.toString())
            .create()
            .open(
                rejected -> {
                  throw new AssertionError(rejected.toString());
                })) {
      for (Document next = documents.next(); next != null; next = documents.next()) {
        reasons.add((String) ((Map<?, ?>) next.metadata().get("drop")).get("reason"));
      }
    }
    return reasons;
  }
}
