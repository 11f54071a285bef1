package io.kanana.data.filter.stats;

import io.kanana.core.html.HtmlPage;
import io.kanana.core.html.HtmlTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One page of HTML on which a person sees where documents went, and reads some of each step. It
 * needs no other file and runs nothing; texts of documents are shown as text, whatever they hold.
 *
 * @param stats what the steps did
 * @param samples documents to look at
 * @param scores of the steps at labelled faults; empty where there are none
 */
public record FunnelPage(CascadeStats stats, Samples samples, List<StepScore> scores) {
  private static final int SHOWN = 30;

  public FunnelPage {
    scores = List.copyOf(scores);
  }

  /** The page; the same for the same records. */
  public String html() {
    HtmlPage whole =
        new HtmlPage(
            "Where documents went",
            FunnelDrawing.style() + HtmlPage.style(FunnelPage.class, "funnel.css"));
    StringBuilder page = whole.body();
    overview(page);
    new FunnelDrawing(stats).appendTo(page);
    table(page);
    trace(page);
    for (int i = 0; i < stats.steps().size(); i++) {
      step(page, i);
    }
    return whole.html();
  }

  private void overview(StringBuilder page) {
    Volume read = stats.read();
    Volume kept = stats.kept();
    page.append("<p>")
        .append(Html.number(kept.documents()))
        .append(" of ")
        .append(Html.number(read.documents()))
        .append(" documents were kept (")
        .append(Html.percent(kept.documents(), read.documents()))
        .append("), ")
        .append(Html.bytes(kept.bytes()))
        .append(" of ")
        .append(Html.bytes(read.bytes()));
    if (read.tokens() > 0) {
      page.append(", ")
          .append(Html.number(kept.tokens()))
          .append(" of ")
          .append(Html.number(read.tokens()))
          .append(" tokens");
    }
    page.append(".</p>\n");
    if (!stats.rejected().isEmpty()) {
      page.append("<p class=\"note\">Records that could not be read: ");
      stats
          .rejected()
          .forEach(
              (reason, count) ->
                  page.append(Html.escape(reason))
                      .append(" ")
                      .append(Html.number(count))
                      .append(" "));
      page.append("</p>\n");
    }
  }

  private void table(StringBuilder page) {
    boolean tokens = stats.read().tokens() > 0;
    List<String> heads =
        new ArrayList<>(
            List.of("step", "documents in", "out", "dropped", "", "changed", "bytes in", "out"));
    heads.addAll(tokens ? List.of("tokens in", "out") : List.of());
    heads.addAll(List.of("seconds", "MB/s"));
    HtmlTable rows = new HtmlTable(page, heads);
    for (int i = 0; i < stats.steps().size(); i++) {
      rows.row(cells(stats.steps().get(i), i + 1, tokens));
    }
    rows.end();
    page.append(
        "<p class=\"note\">Seconds are summed over all threads; MB/s is that of one thread.</p>\n");
  }

  private static List<String> cells(StepStats step, int number, boolean tokens) {
    List<String> cells = new ArrayList<>();
    cells.add("<a href=\"#step-" + number + "\">" + Html.escape(step.step()) + "</a>");
    cells.add(Html.number(step.in().documents()));
    cells.add(Html.number(step.out().documents()));
    cells.add(Html.number(step.dropped()));
    cells.add(Html.percent(step.dropped(), step.in().documents()));
    cells.add(Html.number(step.changed()));
    cells.add(Html.bytes(step.in().bytes()));
    cells.add(Html.bytes(step.out().bytes()));
    if (tokens) {
      cells.add(Html.number(step.in().tokens()));
      cells.add(Html.number(step.out().tokens()));
    }
    cells.add(String.format(Locale.ROOT, "%.2f", step.seconds()));
    double speed = step.in().bytes() / 1e6 / Math.max(1e-9, step.seconds());
    cells.add(String.format(Locale.ROOT, "%.1f", speed));
    return cells;
  }

  private void trace(StringBuilder page) {
    if (scores.isEmpty()) {
      return;
    }
    page.append("<h2>Planted faults</h2>\n<p>What each step should have found, and did.</p>\n");
    HtmlTable rows =
        new HtmlTable(
            page,
            "step",
            "its faults",
            "found",
            "recall",
            "dropped or changed",
            "precision",
            "of these without fault",
            "its faults dropped elsewhere");
    for (StepScore score : scores) {
      rows.row(
          Html.escape(score.step()),
          Html.number(score.expected()),
          Html.number(score.found()),
          Html.share(score.recall()),
          Html.number(score.acted()),
          Html.share(score.precision()),
          Html.number(score.clean()),
          Html.number(score.droppedElsewhere()));
    }
    rows.end();
    page.append("<details><summary>Where documents of each fault ended</summary>\n");
    HtmlTable ends = new HtmlTable(page, "fault", "ended at", "documents");
    stats
        .trace()
        .ended()
        .forEach(
            (fault, steps) ->
                steps.forEach(
                    (step, count) ->
                        ends.row(Html.escape(fault), Html.escape(step), Html.number(count))));
    ends.end();
    page.append("</details>\n");
  }

  private void step(StringBuilder page, int index) {
    StepStats step = stats.steps().get(index);
    page.append("<section>\n<h2 id=\"step-")
        .append(index + 1)
        .append("\">")
        .append(index + 1)
        .append(". ")
        .append(Html.escape(step.step()))
        .append(" <small>")
        .append(Html.number(step.dropped()))
        .append(" of ")
        .append(Html.number(step.in().documents()))
        .append(" dropped</small></h2>\n<div class=\"side\">\n");
    reasons(page, step);
    flows(page, "language", step.languages());
    page.append("</div>\n");
    if (!step.domains().isEmpty()) {
      page.append("<details><summary>Domains</summary>\n");
      flows(page, "domain", step.domains());
      page.append("</details>\n");
    }
    Samples.OfStep drawn = samples.steps().get(index);
    samples(page, "dropped", drawn.dropped());
    samples(page, "changed", drawn.changed());
    samples(page, "kept", drawn.kept());
    page.append("</section>\n");
  }

  private static void reasons(StringBuilder page, StepStats step) {
    if (step.reasons().isEmpty()) {
      return;
    }
    HtmlTable rows = new HtmlTable(page, "reason", "documents", "of those in");
    step.reasons().entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .forEach(
            reason ->
                rows.row(
                    Html.escape(reason.getKey()),
                    Html.number(reason.getValue()),
                    Html.percent(reason.getValue(), step.in().documents())));
    rows.end();
  }

  private static void flows(StringBuilder page, String what, Map<String, Flow> flows) {
    if (flows.isEmpty()) {
      return;
    }
    HtmlTable rows = new HtmlTable(page, what, "documents in", "out", "dropped");
    flows.entrySet().stream()
        .sorted(
            Comparator.comparingLong((Map.Entry<String, Flow> e) -> e.getValue().in())
                .reversed()
                .thenComparing(Map.Entry::getKey))
        .limit(SHOWN)
        .forEach(
            flow ->
                rows.row(
                    Html.escape(flow.getKey()),
                    Html.number(flow.getValue().in()),
                    Html.number(flow.getValue().out()),
                    Html.percent(
                        flow.getValue().in() - flow.getValue().out(), flow.getValue().in())));
    rows.end();
  }

  private static void samples(StringBuilder page, String kind, List<Sample> samples) {
    if (samples.isEmpty()) {
      return;
    }
    page.append("<details class=\"")
        .append(kind)
        .append("\"><summary>")
        .append(samples.size())
        .append(" ")
        .append(kind)
        .append(", at random</summary>\n<ol class=\"samples\">\n");
    samples.forEach(sample -> sample(page, kind, sample));
    page.append("</ol>\n</details>\n");
  }

  private static void sample(StringBuilder page, String kind, Sample sample) {
    page.append("<li><div class=\"why\"><b>")
        .append(Html.escape(sample.reason() == null ? kind : sample.reason()))
        .append("</b> ");
    if (sample.value() != null) {
      page.append(Html.escape(sample.value().toString())).append(" ");
    }
    page.append("<span class=\"faint\"><bdi>")
        .append(Html.escape(sample.id()))
        .append("</bdi></span></div>");
    if (sample.before() != null) {
      text(page, " class=\"before\"", sample.before());
    }
    text(page, "", sample.text());
    page.append("</li>\n");
  }

  /** A line feed after the tag is not shown, so one that the text begins with is not lost. */
  private static void text(StringBuilder page, String attributes, String text) {
    page.append("<pre dir=\"auto\" tabindex=\"0\"")
        .append(attributes)
        .append(">\n")
        .append(Html.escape(text))
        .append("</pre>");
  }
}
