package io.kanana.cli.page;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.config.Changes;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import io.kanana.core.train.MetricsReader;
import io.kanana.core.train.WatchedTraining;
import io.kanana.eval.report.ResultsDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How one run differs from another, job by job of the same name: settings, what it was made from,
 * what it ran on, and what came of it. Read from what the jobs left.
 */
public final class RunDifference {
  private final Path before;
  private final Path after;

  /**
   * @param before the output of any job
   * @param after that of another
   */
  public RunDifference(Path before, Path after) {
    this.before = before;
    this.after = after;
  }

  /**
   * Lines for people; none where nothing differs.
   *
   * @throws io.kanana.core.error.KananaException if one is no run, or a file of it is damaged
   */
  public List<String> lines() {
    List<RunStage> former = configured(before);
    List<RunStage> latter = configured(after);
    if (former.size() == 1 && latter.size() == 1) {
      return between(former.getFirst(), latter.getFirst());
    }
    List<String> lines = new ArrayList<>();
    Map<String, RunStage> byName =
        latter.stream().collect(Collectors.toMap(RunStage::name, stage -> stage));
    for (RunStage stage : former) {
      RunStage other = byName.remove(stage.name());
      if (other == null) {
        lines.add(stage.name() + ": only in " + before);
      } else {
        between(stage, other).forEach(line -> lines.add(stage.name() + ": " + line));
      }
    }
    byName.values().forEach(stage -> lines.add(stage.name() + ": only in " + after));
    return lines;
  }

  private static List<RunStage> configured(Path run) {
    return RunStage.of(run).stream().filter(stage -> Files.exists(stage.config())).toList();
  }

  private List<String> between(RunStage a, RunStage b) {
    List<String> lines = new ArrayList<>(Changes.between(config(a, before), config(b, after)));
    texts("", software(a), software(b), lines);
    texts("made from ", parents(a, before), parents(b, after), lines);
    results(figures(a), figures(b), lines);
    return lines;
  }

  /** Without what differs by where a run stands alone. */
  private static ObjectNode config(RunStage stage, Path run) {
    try {
      String here = run.toAbsolutePath().normalize().toString();
      String text = Files.readString(stage.config()).replace(here, "RUN");
      ObjectNode config = Yaml.read(text.replace(run.toString(), "RUN"));
      config.remove("output");
      return config;
    } catch (IOException e) {
      throw new DataException(stage.config() + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static SortedMap<String, String> software(RunStage stage) {
    return stage.provenance().map(Provenance::software).orElseGet(TreeMap::new);
  }

  /** Short ids of what the model was made from, by their places. */
  private static SortedMap<String, String> parents(RunStage stage, Path run) {
    String here = run.toAbsolutePath().normalize().toString();
    SortedMap<String, String> parents = new TreeMap<>();
    stage.provenance().stream()
        .flatMap(own -> own.parents().stream())
        .forEach(
            parent ->
                parents.put(
                    parent.path().replace(here, "RUN"),
                    parent.artefact().substring(0, Math.min(12, parent.artefact().length()))));
    return parents;
  }

  private static void texts(
      String begin, Map<String, String> a, Map<String, String> b, List<String> lines) {
    for (String name : all(a, b)) {
      String former = a.getOrDefault(name, "nothing");
      String latter = b.getOrDefault(name, "nothing");
      if (!former.equals(latter)) {
        lines.add(begin + name + ": " + former + " -> " + latter);
      }
    }
  }

  private static SortedMap<String, Double> figures(RunStage stage) {
    SortedMap<String, Double> figures = new TreeMap<>();
    Path metrics = WatchedTraining.metrics(stage.directory());
    if (Files.exists(metrics)) {
      figures.putAll(MetricsReader.last(metrics, "held-out"));
      figures.putAll(MetricsReader.last(metrics, "samples"));
    }
    if (Files.isDirectory(stage.file("results"))) {
      figures.putAll(ResultsDirectory.measurements(stage.file("results")));
    }
    Optional<Provenance> made = stage.provenance();
    made.ifPresent(own -> figures.put("FLOP in all", own.totalFlops()));
    return figures;
  }

  private static void results(
      SortedMap<String, Double> a, SortedMap<String, Double> b, List<String> lines) {
    for (String name : all(a, b)) {
      Double former = a.get(name);
      Double latter = b.get(name);
      if (former == null || latter == null) {
        lines.add(name + ": " + shown(former) + " -> " + shown(latter));
      } else if (!former.equals(latter)) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%s: %s -> %s (%+.4g)",
                name,
                shown(former),
                shown(latter),
                latter - former));
      }
    }
  }

  private static String shown(Double value) {
    return value == null ? "nothing" : String.format(Locale.ROOT, "%.6g", value);
  }

  private static SortedSet<String> all(Map<String, ?> a, Map<String, ?> b) {
    SortedSet<String> names = new TreeSet<>(a.keySet());
    names.addAll(b.keySet());
    return names;
  }
}
