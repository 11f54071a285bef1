package io.kanana.benchmarks;

import io.kanana.benchmarks.TokenizerBenchmark.Measured;
import io.kanana.benchmarks.TokenizerBenchmark.Settings;
import io.kanana.core.error.ConfigException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "tokenizer",
    description = {
      "Time a tokenizer on documents: encoding them, or training one on them.",
      "Without documents: reading its file."
    },
    mixinStandardHelpOptions = true)
final class TokenizerCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private ThreadArguments threads;
  @Mixin private JsonArguments json;

  @Option(
      names = "--tokenizer",
      paramLabel = "PATH",
      description = "Encode with this one: a tokenizer.json or a directory that has one.")
  private Path tokenizer;

  @Option(
      names = "--train",
      paramLabel = "N",
      description = "Train one with N tokens instead, by the pattern of Llama 3.")
  private Integer vocabularySize;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often it is done and timed (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often before that (${DEFAULT-VALUE}).")
  private int warmUp;

  @Parameters(
      paramLabel = "DOCUMENTS",
      description = "Files, directories or globs, as in data.documents of a job.")
  private List<String> documents = List.of();

  @Override
  public void run() {
    if ((tokenizer == null) == (vocabularySize == null)) {
      throw new ConfigException("--tokenizer", "give either this or --train");
    }
    Settings settings = new Settings(threads.count(), warmUp, rounds);
    Measured measured = measure(settings);
    TokenizerReport report =
        new TokenizerReport(work(), settings, measured, ProcessMemory.peakResidentBytes());
    PrintWriter out = spec.commandLine().getOut();
    report.print(out);
    out.flush();
    json.write(report.json());
  }

  private TokenizerReport.Work work() {
    if (vocabularySize != null) {
      return TokenizerReport.Work.TRAIN;
    }
    return documents.isEmpty() ? TokenizerReport.Work.LOAD : TokenizerReport.Work.ENCODE;
  }

  private Measured measure(Settings settings) {
    return switch (work()) {
      case TRAIN ->
          TokenizerBenchmark.train(vocabularySize, TokenizerBenchmark.texts(documents), settings);
      case ENCODE ->
          TokenizerBenchmark.encode(tokenizer, TokenizerBenchmark.texts(documents), settings);
      case LOAD -> TokenizerBenchmark.load(tokenizer, settings);
    };
  }
}
