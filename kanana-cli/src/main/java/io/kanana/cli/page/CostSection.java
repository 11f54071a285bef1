package io.kanana.cli.page;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.html.HtmlTable;
import io.kanana.core.html.HtmlText;
import io.kanana.core.train.RunCheckpoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What every model of a run cost, its ancestors included, and how good it became by that. */
final class CostSection {
  private CostSection() {}

  static void appendTo(StringBuilder page, List<RunStage> stages) {
    List<RunStage> made = stages.stream().filter(stage -> stage.provenance().isPresent()).toList();
    if (made.isEmpty()) {
      return;
    }
    page.append("<h2>What models cost</h2>\n");
    chart(page, made);
    table(page, made);
    page.append(
        "<p class=\"note\">Operations are counted one by one, forward passes of teachers included;"
            + " in all: with those of the models that it comes from.</p>\n");
  }

  private static void table(StringBuilder page, List<RunStage> made) {
    HtmlTable table =
        new HtmlTable(
            page,
            "model",
            "made by",
            "parameters",
            "tokens",
            "FLOP",
            "6 N D",
            "seconds",
            "GFLOP/s",
            "FLOP in all",
            "tokens in all");
    for (RunStage stage : made) {
      Provenance provenance = stage.provenance().orElseThrow();
      for (StageCompute compute : provenance.stages()) {
        table.row(
            HtmlText.escape(stage.name()),
            HtmlText.escape(compute.stage()),
            count(compute.parameters()),
            count(compute.tokens()),
            operations(compute.flops()),
            operations(compute.sixNdFlops()),
            String.format(Locale.ROOT, "%,.0f", compute.seconds()),
            String.format(Locale.ROOT, "%,.0f", compute.achievedFlopsPerSecond() / 1e9),
            operations(provenance.totalFlops()),
            count(provenance.totalTokens()));
      }
    }
    table.end();
  }

  /** Held-out bits per byte over all operations; lines go from models to those made of them. */
  private static void chart(StringBuilder page, List<RunStage> made) {
    Map<String, LineChart.Point> known = new HashMap<>();
    List<LineChart.Series> series = new ArrayList<>();
    for (RunStage stage : made) {
      Provenance provenance = stage.provenance().orElseThrow();
      List<LineChart.Point> line =
          provenance.parents().stream()
              .map(parent -> known.get(parent.artefact()))
              .filter(Objects::nonNull)
              .limit(1)
              .collect(Collectors.toCollection(ArrayList::new));
      List<LineChart.Point> measured = stage.metrics().curve("held-out", "bits-per-byte");
      if (!measured.isEmpty()) {
        line.add(new LineChart.Point(provenance.totalFlops(), measured.getLast().y()));
        series.add(new LineChart.Series(stage.name(), line));
      }
      if (!line.isEmpty()) {
        // of one that was not measured, what its parent was like
        known.put(Artefact.open(RunCheckpoints.model(stage.directory())).id(), line.getLast());
      }
    }
    if (series.size() > 1) {
      page.append("<div class=\"charts\">\n");
      new LineChart("bits per byte of held-out text", "FLOP in all", series).appendTo(page);
      page.append("</div>\n");
    }
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String operations(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
