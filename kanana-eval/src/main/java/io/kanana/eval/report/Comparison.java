package io.kanana.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.error.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What differs between the results of two models, question by question.
 *
 * @param figures by task and measure, such as {@code kobest_copa acc,none}
 * @param otherPrompts questions that were asked in other words, which are left out
 * @param alone tasks that only one of them has
 */
public record Comparison(
    Path first,
    Path second,
    Map<String, PairedTest> figures,
    List<Change> changes,
    int otherPrompts,
    List<String> alone) {
  private static final int LONGEST_TEXT = 300;

  /**
   * A question that one got right and the other did not, or better.
   *
   * @param measure the first of the task's that has a score for each question
   */
  public record Change(
      String task,
      int index,
      String measure,
      double before,
      double after,
      String prompt,
      String said) {
    private List<String> lines() {
      return List.of(
          String.format(
              Locale.ROOT, "%s %d: %s %s -> %s", task, index, measure, shown(before), shown(after)),
          "  " + prompt,
          "  " + said);
    }

    private static String shown(double score) {
      return String.format(Locale.ROOT, "%.4g", score);
    }
  }

  /**
   * Compares two results.
   *
   * @param first a results directory, or the output of a run that has one
   * @throws DataException if one has no samples, or they have no question in common
   */
  public static Comparison of(Path first, Path second) {
    Samples before = Samples.read(first);
    Samples after = Samples.read(second);
    Builder builder = new Builder();
    List<String> alone = new ArrayList<>();
    before
        .byTask()
        .forEach(
            (task, samples) -> {
              Map<Integer, JsonNode> others = after.byTask().get(task);
              if (others == null) {
                alone.add(task + " only in " + first);
              } else {
                builder.add(task, samples, others);
              }
            });
    after.byTask().keySet().stream()
        .filter(task -> !before.byTask().containsKey(task))
        .forEach(task -> alone.add(task + " only in " + second));
    Map<String, PairedTest> figures = builder.figures();
    if (figures.isEmpty()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s and %s have no question in common that was asked in the same words, so there is nothing to compare",
              first,
              second));
    }
    return new Comparison(
        first, second, figures, builder.changes, builder.otherPrompts, List.copyOf(alone));
  }

  /** Goes through tasks. */
  private static final class Builder {
    private final Map<String, List<double[]>> pairs = new LinkedHashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private int otherPrompts;

    void add(String task, Map<Integer, JsonNode> before, Map<Integer, JsonNode> after) {
      before.forEach(
          (index, sample) -> {
            JsonNode other = after.get(index);
            if (other == null) {
              return;
            }
            if (!sample.path(SampleJson.PROMPT_HASH).equals(other.path(SampleJson.PROMPT_HASH))) {
              otherPrompts++;
              return;
            }
            add(task, index, sample, other);
          });
    }

    private void add(String task, int index, JsonNode before, JsonNode after) {
      boolean told = false;
      for (Map.Entry<String, JsonNode> score : before.path(SampleJson.SCORES).properties()) {
        OptionalDouble first = number(score.getValue());
        OptionalDouble second = number(after.path(SampleJson.SCORES).path(score.getKey()));
        if (first.isEmpty() || second.isEmpty()) {
          continue;
        }
        double[] pair = {first.getAsDouble(), second.getAsDouble()};
        pairs.computeIfAbsent(task + " " + score.getKey(), key -> new ArrayList<>()).add(pair);
        if (pair[0] != pair[1] && !told) {
          changes.add(change(task, index, score.getKey(), pair, before, after));
          told = true;
        }
      }
    }

    private static Change change(
        String task, int index, String measure, double[] pair, JsonNode before, JsonNode after) {
      String prompt = shortened(before.path(SampleJson.PROMPT).asText());
      String said = said(before) + " -> " + said(after);
      return new Change(task, index, measure, pair[0], pair[1], prompt, said);
    }

    Map<String, PairedTest> figures() {
      Map<String, PairedTest> figures = new LinkedHashMap<>();
      pairs.forEach(
          (key, list) ->
              figures.put(
                  key,
                  PairedTest.of(
                      list.stream().mapToDouble(pair -> pair[0]).toArray(),
                      list.stream().mapToDouble(pair -> pair[1]).toArray())));
      return figures;
    }
  }

  /** A score of one question: right or wrong for classes, the mean for an amount. */
  private static OptionalDouble number(JsonNode score) {
    if (score.isNumber()) {
      return OptionalDouble.of(score.doubleValue());
    }
    if (score.has("weight")) {
      return OptionalDouble.of(score.get("sum").doubleValue() / score.get("weight").doubleValue());
    }
    if (score.path("predicted").isIntegralNumber()) {
      return OptionalDouble.of(score.get("gold").equals(score.get("predicted")) ? 1 : 0);
    }
    return OptionalDouble.empty();
  }

  /** The text that a model said, or the continuation that it finds most likely. */
  private static String said(JsonNode sample) {
    JsonNode best = null;
    for (JsonNode answer : sample.path(SampleJson.ANSWERS)) {
      if (answer.has("text")) {
        return quoted(answer.get("text").asText());
      }
      boolean better =
          best == null
              || answer.path("logLikelihood").asDouble() > best.path("logLikelihood").asDouble();
      best = better ? answer : best;
    }
    return Optional.ofNullable(best)
        .map(answer -> quoted(answer.path("continuation").asText()))
        .orElse("nothing");
  }

  private static String quoted(String text) {
    return '"' + shortened(text) + '"';
  }

  /** The end of a long text: that is where the question is. */
  private static String shortened(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST_TEXT
        ? line
        : "..." + line.substring(line.length() - LONGEST_TEXT);
  }

  /**
   * The comparison in lines.
   *
   * @param examples the most changed questions to show
   */
  public List<String> lines(int examples) {
    List<String> lines = new ArrayList<>();
    lines.add("A: " + first);
    lines.add("B: " + second);
    figures.forEach((key, test) -> lines.add(line(key, test)));
    alone.forEach(task -> lines.add("left out: " + task));
    if (otherPrompts > 0) {
      lines.add("left out: " + otherPrompts + " questions that were asked in other words");
    }
    lines.add(String.format(Locale.ROOT, "%,d questions changed", changes.size()));
    changes.stream().limit(examples).forEach(change -> lines.addAll(change.lines()));
    return lines;
  }

  private static String line(String key, PairedTest test) {
    return String.format(
        Locale.ROOT,
        "%s  A %.4f  B %.4f  B - A %+.4f (%+.4f to %+.4f)  better on %d, worse on %d of %d  p = %.3g%s",
        key,
        test.first(),
        test.second(),
        test.second() - test.first(),
        test.low(),
        test.high(),
        test.gained(),
        test.lost(),
        test.questions(),
        test.probability(),
        test.probability() < 0.05 ? "  *" : "");
  }
}
