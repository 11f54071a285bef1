package io.kanana.eval.report;

import io.kanana.core.html.HtmlPage;
import io.kanana.core.html.HtmlTable;
import io.kanana.core.html.HtmlText;
import io.kanana.eval.run.Evaluation;
import io.kanana.eval.run.Figure;
import io.kanana.eval.run.GroupResult;
import io.kanana.eval.run.TaskResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All figures of a run, groups first, as text, Markdown or HTML. */
record ResultTable(List<Row> rows) {
  private static final List<String> HEADS =
      List.of("task", "version", "questions", "metric", "filter", "value", "error");

  /** Metric and filter are words. */
  private static final String STYLE =
      "td:nth-child(4), th:nth-child(4), td:nth-child(5), th:nth-child(5) { text-align: left; }\n";

  /**
   * A figure.
   *
   * @param group whether it is the mean of several tasks
   */
  record Row(
      String task,
      boolean group,
      String version,
      int questions,
      String metric,
      String filter,
      Figure figure) {
    static Row of(
        String task, boolean group, String version, int questions, String key, Figure figure) {
      int comma = key.indexOf(',');
      String metric = comma < 0 ? key : key.substring(0, comma);
      String filter = comma < 0 ? "" : key.substring(comma + 1);
      return new Row(task, group, version, questions, metric, filter, figure);
    }

    List<String> cells() {
      String better = figure.higherIsBetter() ? " ↑" : " ↓";
      return List.of(
          task,
          version,
          String.format(Locale.ROOT, "%,d", questions),
          metric + better,
          filter,
          number(figure.value()),
          figure.error().isPresent() ? "± " + number(figure.error().getAsDouble()) : "");
    }

    private static String number(double value) {
      return String.format(Locale.ROOT, Math.abs(value) < 1e4 ? "%.4f" : "%.4g", value);
    }
  }

  ResultTable {
    rows = List.copyOf(rows);
  }

  static ResultTable of(Evaluation.Results results) {
    List<Row> rows = new ArrayList<>();
    for (GroupResult group : results.groups().values()) {
      add(
          rows,
          group.group().name(),
          true,
          group.group().version(),
          group.samples(),
          group.figures());
    }
    for (TaskResult task : results.tasks().values()) {
      add(
          rows,
          task.task().name(),
          false,
          task.task().version(),
          task.samples().size(),
          task.figures());
    }
    return new ResultTable(rows);
  }

  private static void add(
      List<Row> rows,
      String name,
      boolean group,
      String version,
      int samples,
      Map<String, Figure> figures) {
    figures.forEach((key, figure) -> rows.add(Row.of(name, group, version, samples, key, figure)));
  }

  /** Lines in columns. */
  List<String> lines() {
    List<List<String>> all = new ArrayList<>(List.of(HEADS));
    rows.forEach(row -> all.add(row.cells()));
    return all.stream().map(cells -> line(cells, all)).toList();
  }

  private static String line(List<String> cells, List<List<String>> all) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      int column = i;
      int width = all.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow();
      line.append(cells.get(i)).append(" ".repeat(width - cells.get(i).length() + 2));
    }
    return line.toString().stripTrailing();
  }

  String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("| ").append(String.join(" | ", HEADS)).append(" |\n");
    out.append("|---|---|--:|---|---|--:|---|\n");
    for (Row row : rows) {
      List<String> cells = new ArrayList<>(row.cells());
      cells.set(0, row.group ? "**" + row.task + "**" : row.task);
      cells.replaceAll(cell -> cell.replace("|", "\\|"));
      out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
    return out.toString();
  }

  /** A whole page that needs no other file and runs nothing; groups are bold. */
  String html(String title, List<String> notes) {
    HtmlPage page = new HtmlPage(title, STYLE);
    notes.forEach(note -> page.body().append("<p>").append(HtmlText.escape(note)).append("</p>\n"));
    HtmlTable table = new HtmlTable(page.body(), HEADS);
    for (Row row : rows) {
      List<String> cells = row.cells().stream().map(HtmlText::escape).toList();
      table.row(row.group ? cells.stream().map(cell -> "<b>" + cell + "</b>").toList() : cells);
    }
    table.end();
    return page.html();
  }
}
