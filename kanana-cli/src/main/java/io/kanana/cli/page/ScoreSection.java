package io.kanana.cli.page;

import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.html.HtmlTable;
import io.kanana.core.html.HtmlText;
import io.kanana.eval.report.ResultsDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** Benchmarks of all evaluations of a run: over what the models cost, and side by side. */
final class ScoreSection {
  private static final int CHARTS = 8;

  private final List<RunStage> evaluations;
  private final Family family;
  private final Map<String, SortedMap<String, Double>> scores = new LinkedHashMap<>();
  private final SortedSet<String> figures = new TreeSet<>();

  private ScoreSection(List<RunStage> stages) {
    this.evaluations = stages.stream().filter(stage -> Files.isDirectory(results(stage))).toList();
    this.family = new Family(stages);
    for (RunStage stage : evaluations) {
      scores.put(stage.name(), ResultsDirectory.measurements(results(stage)));
    }
    scores.values().forEach(each -> figures.addAll(each.keySet()));
  }

  static void appendTo(StringBuilder page, List<RunStage> stages) {
    ScoreSection section = new ScoreSection(stages);
    if (!section.evaluations.isEmpty()) {
      page.append("<h2>Benchmarks</h2>\n");
      section.charts(page);
      section.table(page);
    }
  }

  private static Path results(RunStage stage) {
    return stage.file("results");
  }

  private void charts(StringBuilder page) {
    page.append("<div class=\"charts\">\n");
    figures.stream()
        .map(figure -> new LineChart(figure, "FLOP in all", family.overCompute(values(figure))))
        .filter(chart -> chart.series().size() > 1)
        .limit(CHARTS)
        .forEach(chart -> chart.appendTo(page));
    page.append("</div>\n");
  }

  /** By the id of the model that was evaluated. */
  private Map<String, Double> values(String figure) {
    Map<String, Double> values = new HashMap<>();
    for (RunStage stage : evaluations) {
      Double value = scores.get(stage.name()).get(figure);
      if (value != null && Double.isFinite(value)) {
        Provenance.read(results(stage).resolve(Provenance.FILE))
            .parents()
            .forEach(model -> values.put(model.artefact(), value));
      }
    }
    return values;
  }

  private void table(StringBuilder page) {
    List<String> heads = new ArrayList<>(List.of("figure"));
    heads.addAll(scores.keySet());
    HtmlTable table = new HtmlTable(page, heads);
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
