package io.kanana.core.study;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.config.Names;
import io.kanana.core.report.Plots;
import io.kanana.core.report.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a study found: for a terminal, as {@code report.md}, and as {@code report.json}.
 *
 * @param finding what was to be found out
 * @param reported what others found; empty where nobody says
 * @param seeds in the order of the columns
 * @param measure what was compared by
 * @param arms what came out of each; the best first where nothing was claimed
 * @param comparisons of two of them, one for each claim
 */
record StudyReport(
    String finding,
    String reported,
    List<Long> seeds,
    StudyConfig.Measure measure,
    Map<String, ArmResult> arms,
    List<Comparison> comparisons) {
  private static final String KIND = "study-report";
  private static final String PLOT = "plot.png";
  static final String JSON_FILE = "report.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  static StudyReport of(StudyConfig config, Map<String, ArmResult> arms) {
    StudyConfig.Better better = config.measure().better();
    return new StudyReport(
        config.finding(),
        config.reported().orElse(""),
        config.seeds(),
        config.measure(),
        config.claims().isEmpty() ? ranked(arms, better) : arms,
        config.claims().stream().map(claim -> Comparison.of(claim, better, arms)).toList());
  }

  /** By their medians; arms that are level stay in the order of the configuration. */
  private static Map<String, ArmResult> ranked(
      Map<String, ArmResult> arms, StudyConfig.Better better) {
    Comparator<Map.Entry<String, ArmResult>> ascending =
        Comparator.comparingDouble(arm -> Spread.of(arm.getValue().values().values()).median());
    Map<String, ArmResult> ranked = new LinkedHashMap<>();
    arms.entrySet().stream()
        .sorted(better == StudyConfig.Better.LOWER ? ascending : ascending.reversed())
        .forEach(arm -> ranked.put(arm.getKey(), arm.getValue()));
    return ranked;
  }

  /** What a person should see. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(List.of("", finding));
    if (!reported.isEmpty()) {
      lines.add("reported: " + reported);
    }
    lines.addAll(List.of(metric(), ""));
    lines.addAll(table().lines());
    lines.add("");
    comparisons.forEach(compared -> lines.add(verdict(compared)));
    return lines;
  }

  private String metric() {
    return measure.metric()
        + " of "
        + measure.from()
        + ", "
        + Names.of(measure.better())
        + " is better";
  }

  private static String verdict(Comparison compared) {
    return String.format(
        Locale.ROOT,
        "%s better than %s: %s",
        compared.better(),
        compared.than(),
        compared.verdict());
  }

  private Table table() {
    List<List<String>> rows = new ArrayList<>();
    List<String> titles = new ArrayList<>(List.of("arm"));
    seeds.forEach(seed -> titles.add("seed " + seed));
    titles.addAll(List.of("median", "min", "max", "deviation", "tokens", "FLOP", "seconds"));
    rows.add(titles);
    arms.forEach((name, arm) -> rows.add(row(name, arm)));
    comparisons.forEach(compared -> rows.add(row(compared)));
    return new Table(1, rows);
  }

  private List<String> row(String name, ArmResult arm) {
    List<String> row = values(name, arm.values());
    row.add(average(arm, Cost::tokens, "%,.0f"));
    row.add(average(arm, Cost::flops, "%.3g"));
    row.add(average(arm, Cost::seconds, "%,.0f"));
    return row;
  }

  private List<String> row(Comparison compared) {
    List<String> row = values(compared.better() + " - " + compared.than(), compared.differences());
    row.addAll(List.of("", "", ""));
    return row;
  }

  private List<String> values(String title, Map<Long, Double> values) {
    List<String> row = new ArrayList<>(List.of(title));
    seeds.forEach(seed -> row.add(number(values.get(seed))));
    Spread spread = Spread.of(values.values());
    row.add(number(spread.median()));
    row.add(number(spread.min()));
    row.add(number(spread.max()));
    row.add(number(spread.deviation()));
    return row;
  }

  /** Of one run. */
  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private static String average(ArmResult arm, ToDoubleFunction<Cost> quantity, String format) {
    Collection<Cost> costs = arm.costs().values();
    return String.format(
        Locale.ROOT, format, costs.stream().mapToDouble(quantity).average().orElse(0));
  }

  /** A measured value as the report shows it. */
  static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** Writes the report as an artefact. */
  Artefact write(Path directory) {
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, KIND, List.of())) {
      boolean plotted = Plots.canDraw();
      artefact.write("report.md", markdown(plotted));
      artefact.write(JSON_FILE, json());
      if (plotted) {
        artefact.write(PLOT, plot());
      }
      return artefact.commit();
    }
  }

  /** Every value, by arm and seed. */
  private byte[] plot() {
    Map<String, List<Double>> bySeed = new LinkedHashMap<>();
    for (long seed : seeds) {
      bySeed.put(
          "seed " + seed, arms.values().stream().map(arm -> arm.values().get(seed)).toList());
    }
    return Plots.places(metric(), List.copyOf(arms.keySet()), bySeed);
  }

  private String markdown(boolean plotted) {
    List<String> lines = new ArrayList<>(List.of("# " + finding, ""));
    if (!reported.isEmpty()) {
      lines.addAll(List.of("Reported: " + reported, ""));
    }
    lines.addAll(List.of(metric() + ".", ""));
    lines.addAll(table().markdown());
    lines.add("");
    if (plotted) {
      lines.addAll(List.of("![every value](" + PLOT + ")", ""));
    }
    lines.add("Tokens, operations and seconds in training steps are those of one run, on average.");
    for (Comparison compared : comparisons) {
      lines.addAll(List.of("", "**" + verdict(compared) + "**", ""));
      lines.add("Pooled standard deviation: " + number(compared.spread()) + ".");
    }
    if (!comparisons.isEmpty()) {
      lines.addAll(List.of("", "A claim is " + Verdict.RULE + "."));
    }
    return String.join("\n", lines) + "\n";
  }

  private String json() {
    ObjectNode json =
        JSON.createObjectNode().put("version", 1).put("finding", finding).put("reported", reported);
    json.putObject("measure")
        .put("from", measure.from())
        .put("metric", measure.metric())
        .put("better", Names.of(measure.better()));
    ObjectNode all = json.putObject("arms");
    arms.forEach((name, arm) -> write(arm, all.putObject(name)));
    ArrayNode claims = json.putArray("claims");
    comparisons.forEach(compared -> write(compared, claims.addObject()));
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain nodes can be written", e);
    }
  }

  private static void write(ArmResult arm, ObjectNode json) {
    write(arm.values(), json);
    ObjectNode costs = json.putObject("compute");
    arm.costs().forEach((seed, cost) -> costs.set(seed.toString(), JSON.valueToTree(cost)));
  }

  private static void write(Comparison compared, ObjectNode json) {
    json.put("better", compared.better()).put("than", compared.than());
    write(compared.differences(), json);
    json.put("pooledDeviation", compared.spread())
        .put("verdict", compared.verdict().toString())
        .put("rule", Verdict.RULE);
  }

  private static void write(Map<Long, Double> values, ObjectNode json) {
    ObjectNode bySeed = json.putObject("values");
    values.forEach((seed, value) -> bySeed.put(seed.toString(), value));
    json.setAll((ObjectNode) JSON.valueToTree(Spread.of(values.values())));
  }
}
