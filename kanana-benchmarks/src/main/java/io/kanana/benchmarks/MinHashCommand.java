package io.kanana.benchmarks;

import io.kanana.core.config.Check;
import io.kanana.data.dedup.MatchQuality;
import io.kanana.data.dedup.NearDuplicates;
import io.kanana.data.dedup.NearDuplicates.Preset;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.FilesConfig;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "minhash",
    description = {
      "Time the search for near duplicates: signatures, and clusters of them.",
      "Over documents of files, or made ones of which a fifth are changed copies."
    },
    mixinStandardHelpOptions = true)
final class MinHashCommand implements Runnable {
  private static final int QUALITY_PAIRS = 2000;
  private static final int QUALITY_SHINGLES = 200;

  @Spec private CommandSpec spec;
  @Mixin private ThreadArguments threads;
  @Mixin private JsonArguments json;

  @Parameters(paramLabel = "FILE", description = "JSON lines or text, plain or compressed.")
  private List<String> files = List.of();

  @Option(
      names = "--made",
      paramLabel = "N",
      defaultValue = "100000",
      description = "So many made documents where no file is given (${DEFAULT-VALUE}).")
  private int made;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "fineweb",
      description = "fineweb, fineweb-2, nemo-curator or text-dedup (${DEFAULT-VALUE}).")
  private String preset;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds that are timed, after as many that are not (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--quality",
      description = "Instead print which share of pairs is found, by their true similarity.")
  private boolean quality;

  @Override
  public void run() {
    Check.that(made >= 1, "--made", "must be at least 1, got %s", made);
    Check.that(rounds >= 1, "--rounds", "must be at least 1, got %s", rounds);
    Check.that(threads.count() >= 1, "--threads", "must be at least 1, got %s", threads.count());
    NearDuplicates.Config config = NearDuplicates.Config.of(preset());
    PrintWriter out = spec.commandLine().getOut();
    if (quality) {
      out.print(MatchQuality.measure(config, QUALITY_PAIRS, QUALITY_SHINGLES, 1).table());
    } else {
      MinHashReport report =
          new MinHashReport(
              preset,
              threads.count(),
              MinHashBenchmark.run(config.create(), source(), threads.count(), rounds));
      report.print(out);
      json.write(report.json());
    }
    out.flush();
  }

  private Preset preset() {
    for (Preset known : Preset.values()) {
      if (known.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(preset)) {
        return known;
      }
    }
    Check.that(
        false,
        "--preset",
        "must be fineweb, fineweb-2, nemo-curator or text-dedup, got \"%s\"",
        preset);
    throw new IllegalStateException(preset);
  }

  private DocumentSource source() {
    return files.isEmpty()
        ? new MadeDocuments(made)
        : new Corpus(files.stream().map(file -> FilesConfig.of(file).create()).toList());
  }
}
