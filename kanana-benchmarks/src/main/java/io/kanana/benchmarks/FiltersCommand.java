package io.kanana.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Binder;
import io.kanana.core.extension.Extensions;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentStream;
import io.kanana.data.document.FilesConfig;
import io.kanana.data.filter.CascadeStep;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "filters",
    description = {
      "Time steps of a filtering cascade, each by itself, on one thread.",
      "Every second document warms up, the others are timed."
    },
    mixinStandardHelpOptions = true)
final class FiltersCommand implements Runnable {
  record Cascade(List<CascadeStep.Config> steps) {}

  @Spec private CommandSpec spec;
  @Mixin private JsonArguments json;

  @Option(
      names = "--documents",
      paramLabel = "PATH",
      required = true,
      description = "A file, a directory or a glob of JSON lines or text.")
  private String documents;

  @Option(
      names = "--steps",
      paramLabel = "NAMES",
      split = ",",
      description = "Which steps, with their defaults: ${DEFAULT-VALUE}.")
  private List<String> steps =
      List.of("gopher-repetition", "gopher-quality", "c4", "fineweb-quality");

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "2000",
      description = "How many documents are timed: ${DEFAULT-VALUE}.")
  private int limit;

  @Override
  public void run() {
    List<CascadeStep.Config> configs = configs();
    FilterBenchmark benchmark = new FilterBenchmark(read());
    PrintWriter out = spec.commandLine().getOut();
    JsonNode[] reports = new JsonNode[steps.size()];
    for (int i = 0; i < steps.size(); i++) {
      FilterBenchmark.Timing timing = timing(benchmark, configs.get(i));
      out.printf(
          Locale.ROOT,
          "%-26s %,10.0f documents/s %8.2f MB/s, %,d of %,d kept%n",
          steps.get(i),
          timing.documentsPerSecond(),
          timing.megabytesPerSecond(),
          timing.kept(),
          timing.documents());
      out.flush();
      reports[i] = report(steps.get(i), timing);
    }
    json.write(reports);
  }

  private static FilterBenchmark.Timing timing(
      FilterBenchmark benchmark, CascadeStep.Config config) {
    try (CascadeStep step = config.create()) {
      return benchmark.time(step);
    }
  }

  private List<CascadeStep.Config> configs() {
    ObjectNode tree = new ObjectMapper().createObjectNode();
    ArrayNode sections = tree.putArray("steps");
    steps.forEach(step -> sections.addObject().put("type", step));
    Extensions extensions = Extensions.load(getClass().getClassLoader());
    return new Binder(extensions).bind(Cascade.class, tree).config().steps();
  }

  private List<Document> read() {
    List<Document> read = new ArrayList<>();
    try (DocumentStream stream = FilesConfig.of(documents).create().open(rejected -> {})) {
      for (Document next = stream.next();
          next != null && read.size() < 2 * limit;
          next = stream.next()) {
        read.add(next);
      }
    }
    return read;
  }

  private ObjectNode report(String step, FilterBenchmark.Timing timing) {
    ObjectNode report = new ObjectMapper().createObjectNode();
    report.put("program", "kanana");
    report.put("file", Path.of(documents).getFileName().toString());
    report.put("step", step);
    report.put("documents", timing.documents());
    report.put("bytes", timing.bytes());
    report.put("kept", timing.kept());
    report.put("documentsPerSecond", Numbers.rounded(timing.documentsPerSecond(), 1));
    report.put("megabytesPerSecond", Numbers.rounded(timing.megabytesPerSecond(), 3));
    return report;
  }
}
