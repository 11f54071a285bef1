package io.kanana.cli.page;

import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.html.HtmlTable;
import io.kanana.core.html.HtmlText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What every model of a run cost, its ancestors included. */
final class CostSection {
  private CostSection() {}

  static void appendTo(StringBuilder page, List<RunStage> stages) {
    List<RunStage> made = stages.stream().filter(stage -> stage.provenance().isPresent()).toList();
    if (made.isEmpty()) {
      return;
    }
    page.append("<h2>What models cost</h2>\n");
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
      if (provenance.stages().isEmpty()) {
        table.row(ofNoStage(stage, provenance));
      }
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

  /** Of a model that was put together without training. */
  private static List<String> ofNoStage(RunStage stage, Provenance provenance) {
    List<String> cells =
        new ArrayList<>(List.of(HtmlText.escape(stage.name()), HtmlText.escape(provenance.job())));
    cells.addAll(Collections.nCopies(6, "–"));
    cells.add(operations(provenance.totalFlops()));
    cells.add(count(provenance.totalTokens()));
    return cells;
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String operations(double value) {
    return String.format(Locale.ROOT, "%.3g", value);
  }
}
