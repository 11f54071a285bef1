package io.kanana.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.html.HtmlText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What models answered when they were measured last, the same prompt side by side. */
final class AnswerSection {
  private static final int PROMPTS = 24;

  /** Characters of a line at most. */
  private static final int LINE = 160;

  private AnswerSection() {}

  static void appendTo(StringBuilder page, List<RunStage> stages) {
    Map<String, Map<String, JsonNode>> answers = new LinkedHashMap<>();
    for (RunStage stage : stages) {
      for (JsonNode line : lastOf(stage)) {
        answers
            .computeIfAbsent(line.path("prompt").asText(), _ -> new LinkedHashMap<>())
            .put(stage.name(), line);
      }
    }
    if (answers.isEmpty()) {
      return;
    }
    page.append("<h2>Answers</h2>\n");
    answers.entrySet().stream()
        .limit(PROMPTS)
        .forEach(each -> prompt(page, each.getKey(), each.getValue()));
  }

  /** Questions with what a training answered last, for a terminal: one line each. */
  static List<String> linesOf(RunStage stage, int most) {
    return lastOf(stage).stream().limit(most).map(sample -> line(stage, sample)).toList();
  }

  private static String line(RunStage stage, JsonNode sample) {
    String answer = sample.path("answer").asText().strip() + (isWhole(sample) ? "" : " ...");
    String line = stage.name() + ": " + sample.path("prompt").asText() + " - " + answer;
    String printable = line.replaceAll("[\\p{Cntrl}\\s]+", " ");
    return printable.length() <= LINE ? printable : printable.substring(0, LINE) + " ...";
  }

  private static boolean isWhole(JsonNode sample) {
    return sample.path("ending").asText().equals("end_of_text");
  }

  /** What was answered at the last step of a training, if it asked anything. */
  private static List<JsonNode> lastOf(RunStage stage) {
    List<JsonNode> lines = RunMetrics.read(stage.file("samples.jsonl"), "file of samples").lines();
    long step = lines.stream().mapToLong(line -> line.path("step").asLong()).max().orElse(0);
    return lines.stream().filter(line -> line.path("step").asLong() == step).toList();
  }

  private static void prompt(StringBuilder page, String prompt, Map<String, JsonNode> answers) {
    page.append("<h3><bdi>").append(HtmlText.escape(prompt)).append("</bdi></h3>\n");
    page.append("<div class=\"answers\">\n");
    answers.forEach(
        (stage, line) -> {
          page.append("<div><span class=\"faint\">").append(HtmlText.escape(stage));
          page.append(isWhole(line) ? "" : ", cut off");
          page.append("</span><pre dir=\"auto\" tabindex=\"0\">\n");
          page.append(HtmlText.escape(line.path("answer").asText())).append("</pre></div>\n");
        });
    page.append("</div>\n");
  }
}
