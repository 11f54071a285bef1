package io.kanana.cli;

import io.kanana.core.config.Names;
import io.kanana.core.report.Table;
import io.kanana.data.mixture.MixtureReport;
import io.kanana.data.mixture.MixtureReport.Seen;
import io.kanana.data.mixture.SampleSequence;
import io.kanana.pretrain.MixtureInspection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** What a run sees of a mixture, as lines for a terminal. */
final class MixtureText {
  private static final String UNKNOWN = "-";

  /** Characters of a piece that are shown of its beginning, and of its end. */
  private static final int SHOWN = 60;

  private MixtureText() {}

  static List<String> lines(MixtureInspection.Result result) {
    MixtureReport report = result.report();
    List<String> lines = new ArrayList<>();
    lines.add(title(report));
    lines.addAll(domains(report));
    if (hasCategoryOfSeveral(report)) {
      lines.add("");
      lines.addAll(categories(report));
    }
    result.notes().forEach(lines::add);
    for (SampleSequence sample : result.samples()) {
      lines.add("");
      lines.addAll(sample(sample));
    }
    return lines;
  }

  private static String title(MixtureReport report) {
    String how =
        switch (report.packing()) {
          case WINDOWS -> "windows";
          case BEST_FIT -> "best-fit sequences";
        };
    String run =
        report.sequences() == 0
            ? ""
            : String.format(
                Locale.ROOT,
                "; %,d sequences with %,d positions",
                report.sequences(),
                report.positions());
    OptionalDouble padding = report.padding();
    return String.format(
            Locale.ROOT,
            "mixture: %d domains in %s of %,d tokens",
            report.domains().size(),
            how,
            report.contextLength())
        + run
        + (padding.isPresent() ? ", " + percent(padding.getAsDouble()) + " of these padding" : "");
  }

  private static List<String> domains(MixtureReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "domain",
            "category",
            "documents",
            "tokens",
            "asked",
            "seen",
            "tokens seen",
            "epochs",
            "at most",
            "repeated",
            "padding",
            "cut"));
    for (MixtureReport.Domain domain : report.domains()) {
      Optional<Seen> seen = domain.seen();
      double wanted = domain.asked().orElse(0) * report.positions();
      rows.add(
          List.of(
              domain.name(),
              domain.category().map(Names::of).orElse(UNKNOWN),
              cell(seen, s -> count(s.documents())),
              cell(seen, s -> count(s.tokens())),
              domain.asked().isPresent() ? percent(domain.asked().getAsDouble()) : UNKNOWN,
              cell(seen, s -> percent(s.share())),
              seen.map(s -> count(Math.round(s.takenTokens())))
                  .orElse(wanted > 0 ? "wants " + count(Math.round(wanted)) : UNKNOWN),
              cell(seen, s -> decimal(s.epochs())),
              domain.maxEpochs().isPresent() ? decimal(domain.maxEpochs().getAsDouble()) : UNKNOWN,
              cell(seen, s -> percent(s.repeated())),
              cell(seen, s -> percent(s.padding())),
              cell(seen, s -> percent(s.cutDocuments() / (double) s.documents()))));
    }
    return new Table(2, rows).lines();
  }

  private static String cell(Optional<Seen> seen, Function<Seen, String> text) {
    return seen.map(text).orElse(UNKNOWN);
  }

  private static boolean hasCategoryOfSeveral(MixtureReport report) {
    long categorised = report.domains().stream().filter(d -> d.category().isPresent()).count();
    return categorised > report.categories().size();
  }

  private static List<String> categories(MixtureReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("category", "asked", "seen"));
    for (MixtureReport.CategoryShare sum : report.categories()) {
      rows.add(List.of(Names.of(sum.category()), percent(sum.asked()), percent(sum.seen())));
    }
    return new Table(1, rows).lines();
  }

  private static List<String> sample(SampleSequence sample) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "sequence %,d: %s, its sequence %,d in pass %,d; %d pieces, %d padding",
            sample.sequence(),
            sample.origin().domain(),
            sample.origin().sequence(),
            sample.origin().pass() + 1,
            sample.pieces().size(),
            sample.padding()));
    for (SampleSequence.TextPiece piece : sample.pieces()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  | document %,d, tokens %,d .. %,d of %,d: %s",
              piece.document(),
              piece.from(),
              piece.from() + piece.length() - 1,
              piece.documentLength(),
              shown(piece.text())));
    }
    return lines;
  }

  /** On one line, and without what could steer a terminal. */
  private static String shown(String text) {
    String line = text.replace("\n", "\\n").replaceAll("\\p{Cntrl}", " ");
    int characters = line.codePointCount(0, line.length());
    return characters <= 2 * SHOWN
        ? line
        : line.substring(0, line.offsetByCodePoints(0, SHOWN))
            + " ... "
            + line.substring(line.offsetByCodePoints(line.length(), -SHOWN));
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}
