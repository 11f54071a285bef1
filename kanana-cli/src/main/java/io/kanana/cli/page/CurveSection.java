package io.kanana.cli.page;

import io.kanana.core.html.HtmlText;
import java.util.ArrayList;
import java.util.List;

/** What a stage measured while it trained. */
final class CurveSection {
  /** Figures that are worth a chart, the most telling first. */
  private static final List<String> FIGURES =
      List.of(
          "loss",
          "bits-per-byte",
          "preference-loss",
          "divergence",
          "reward",
          "reward-accuracy",
          "reward-margin",
          "accuracy",
          "margin",
          "calibration-error",
          "chosen-log-probability",
          "rejected-log-probability",
          "answer-tokens",
          "ended",
          "gradient-norm",
          "learning-rate");

  private static final List<String> EVENTS = List.of("step", "held-out", "samples");

  private CurveSection() {}

  static void appendTo(StringBuilder page, RunStage stage) {
    RunMetrics metrics = stage.metrics();
    List<LineChart> charts = FIGURES.stream().map(figure -> chart(metrics, figure)).toList();
    if (charts.stream().noneMatch(CurveSection::isCurve)) {
      return;
    }
    page.append("<h2>").append(HtmlText.escape(stage.name())).append("</h2>\n");
    page.append("<div class=\"charts\">\n");
    charts.stream().filter(CurveSection::isCurve).forEach(chart -> chart.appendTo(page));
    page.append("</div>\n");
  }

  private static boolean isCurve(LineChart chart) {
    return chart.series().stream().anyMatch(series -> series.points().size() > 1);
  }

  private static LineChart chart(RunMetrics metrics, String figure) {
    List<LineChart.Series> series = new ArrayList<>();
    for (String event : EVENTS) {
      series.add(new LineChart.Series(label(event), metrics.curve(event, figure)));
    }
    return new LineChart(figure.replace('-', ' '), "step", series);
  }

  private static String label(String event) {
    return event.equals("step") ? "training" : event;
  }
}
