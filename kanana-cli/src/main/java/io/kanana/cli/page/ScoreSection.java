package io.kanana.cli.page;

import io.kanana.core.html.HtmlTable;
import io.kanana.core.html.HtmlText;
import io.kanana.eval.report.ResultsDirectory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Benchmarks of all evaluations of a run, side by side. */
final class ScoreSection {
  private ScoreSection() {}

  static void appendTo(StringBuilder page, List<RunStage> stages) {
    Map<String, SortedMap<String, Double>> scores = new LinkedHashMap<>();
    for (RunStage stage : stages) {
      if (Files.isDirectory(stage.file("results"))) {
        scores.put(stage.name(), ResultsDirectory.measurements(stage.file("results")));
      }
    }
    if (scores.isEmpty()) {
      return;
    }
    page.append("<h2>Benchmarks</h2>\n");
    List<String> heads = new ArrayList<>(List.of("figure"));
    heads.addAll(scores.keySet());
    HtmlTable table = new HtmlTable(page, heads);
    SortedSet<String> figures = new TreeSet<>();
    scores.values().forEach(each -> figures.addAll(each.keySet()));
    for (String figure : figures) {
      List<String> cells = new ArrayList<>(List.of(HtmlText.escape(figure)));
      scores.values().forEach(each -> cells.add(bar(each.get(figure))));
      table.row(cells);
    }
    table.end();
  }

  /** A share of one has a bar as long as it is. */
  private static String bar(Double value) {
    if (value == null) {
      return "–";
    }
    String number = LineChart.number(value);
    return value >= 0 && value <= 1
        ? String.format(
            Locale.ROOT, "<meter min=\"0\" max=\"1\" value=\"%.4f\"></meter> %s", value, number)
        : number;
  }
}
