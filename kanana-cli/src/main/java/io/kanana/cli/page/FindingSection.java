package io.kanana.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.html.HtmlTable;
import io.kanana.core.html.HtmlText;
import io.kanana.core.study.StudyJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;

/** What studies found: each claim with its verdict, and the arms that it is about. */
final class FindingSection {
  private FindingSection() {}

  /**
   * @param outputs of jobs, of which some may be studies that have come to an end
   */
  static void appendTo(StringBuilder page, List<Path> outputs) {
    List<JsonNode> reports =
        outputs.stream()
            .map(StudyJob::report)
            .filter(Files::exists)
            .map(file -> RunStage.json(file, JsonNode.class))
            .toList();
    if (!reports.isEmpty()) {
      page.append("<h2>Findings</h2>\n");
      List<JsonNode> claiming =
          reports.stream().filter(report -> !report.path("claims").isEmpty()).toList();
      if (!claiming.isEmpty()) {
        verdicts(page, claiming);
      }
      reports.forEach(report -> arms(page, report));
    }
  }

  private static void verdicts(StringBuilder page, List<JsonNode> reports) {
    HtmlTable table =
        new HtmlTable(
            page, "finding", "claim", "median difference", "pooled deviation", "seeds", "verdict");
    for (JsonNode report : reports) {
      for (JsonNode claim : report.path("claims")) {
        table.row(
            text(report, "finding"),
            text(claim, "better") + " better than " + text(claim, "than"),
            number(claim, "median"),
            number(claim, "pooledDeviation"),
            Integer.toString(claim.path("values").size()),
            "<b>" + text(claim, "verdict") + "</b>");
      }
    }
    table.end();
    note(page, "A claim is " + reports.getFirst().at("/claims/0/rule").asText() + ".");
  }

  private static void arms(StringBuilder page, JsonNode report) {
    page.append("<h3>").append(text(report, "finding")).append("</h3>\n");
    JsonNode measure = report.path("measure");
    if (!report.path("reported").asText().isEmpty()) {
      note(page, "Reported: " + report.path("reported").asText());
    }
    note(
        page,
        String.format(
            Locale.ROOT,
            "Here: %s of %s, %s is better; tokens, operations and seconds of one run",
            measure.path("metric").asText(),
            measure.path("from").asText(),
            measure.path("better").asText()));
    HtmlTable table =
        new HtmlTable(
            page, "arm", "median", "min", "max", "deviation", "tokens", "FLOP", "seconds");
    for (Map.Entry<String, JsonNode> arm : report.path("arms").properties()) {
      JsonNode found = arm.getValue();
      table.row(
          HtmlText.escape(arm.getKey()),
          number(found, "median"),
          number(found, "min"),
          number(found, "max"),
          number(found, "deviation"),
          average(found, "tokens", "%,.0f"),
          average(found, "flops", "%.3g"),
          average(found, "seconds", "%,.0f"));
    }
    table.end();
  }

  private static void note(StringBuilder page, String text) {
    page.append("<p class=\"note\">").append(HtmlText.escape(text)).append("</p>\n");
  }

  private static String text(JsonNode of, String field) {
    return HtmlText.escape(of.path(field).asText());
  }

  private static String number(JsonNode of, String field) {
    return String.format(Locale.ROOT, "%.4f", of.path(field).asDouble());
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private static String average(JsonNode arm, String quantity, String format) {
    DoubleStream costs =
        StreamSupport.stream(arm.path("compute").spliterator(), false)
            .mapToDouble(cost -> cost.path(quantity).asDouble());
    return String.format(Locale.ROOT, format, costs.average().orElse(0));
  }
}
