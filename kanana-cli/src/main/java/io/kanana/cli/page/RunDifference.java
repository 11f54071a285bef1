package io.kanana.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.config.Changes;
import io.kanana.core.train.MetricsReader;
import io.kanana.core.train.WatchedTraining;
import io.kanana.eval.report.ResultsDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How one run differs from another, job by job of the same name: settings, what it was made from,
 * what it ran on, and what came of it. Read from what the jobs left.
 */
public final class RunDifference {
  private final Path before;
  private final Path after;
  private final Places here;
  private final Places there;

  /**
   * @param before the output of any job
   * @param after that of another
   * @throws io.kanana.core.error.DataException if one holds no run
   */
  public RunDifference(Path before, Path after) {
    this.before = before;
    this.after = after;
    this.here = Places.of(before);
    this.there = Places.of(after);
  }

  /**
   * Lines for people; none where nothing differs.
   *
   * @throws io.kanana.core.error.KananaException if a file of a run is damaged
   */
  public List<String> lines() {
    List<RunStage> former = RunStage.of(before);
    Map<String, RunStage> latter = new LinkedHashMap<>();
    RunStage.of(after).forEach(stage -> latter.put(stage.name(), stage));
    if (former.size() == 1 && latter.size() == 1) {
      return between(former.getFirst(), latter.values().iterator().next());
    }
    List<String> lines = new ArrayList<>();
    for (RunStage stage : former) {
      RunStage other = latter.remove(stage.name());
      if (other == null) {
        lines.add(stage.name() + ": only in " + before);
      } else {
        between(stage, other).forEach(line -> lines.add(stage.name() + ": " + line));
      }
    }
    latter.keySet().forEach(name -> lines.add(name + ": only in " + after));
    return lines;
  }

  private List<String> between(RunStage a, RunStage b) {
    List<String> lines =
        new ArrayList<>(Changes.between(here.moved(a.settings()), there.moved(b.settings())));
    texts("", software(a), software(b), lines);
    texts("made from ", parents(a, here), parents(b, there), lines);
    results(figures(a), figures(b), lines);
    return lines;
  }

  /**
   * What paths within a run may begin with: two runs do not differ by where they are.
   *
   * @param prefixes of one place
   */
  private record Places(List<String> prefixes) {
    static Places of(Path run) {
      Path absolute = run.toAbsolutePath().normalize();
      List<String> prefixes = new ArrayList<>(List.of(absolute.toString()));
      JsonNode written = RunStage.config(run).path("output");
      if (written.isTextual()) {
        prefixes.add(written.asText());
      }
      return new Places(prefixes);
    }

    String moved(String path) {
      for (String prefix : prefixes) {
        if (path.equals(prefix) || path.startsWith(prefix + "/")) {
          return "RUN" + path.substring(prefix.length());
        }
      }
      return path;
    }

    /** Of a configuration, which is changed. */
    JsonNode moved(JsonNode node) {
      if (node instanceof ObjectNode object) {
        object.properties().forEach(entry -> entry.setValue(moved(entry.getValue())));
      }
      if (node instanceof ArrayNode array) {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, moved(array.get(i)));
        }
      }
      return node.isTextual() ? TextNode.valueOf(moved(node.asText())) : node;
    }
  }

  private static SortedMap<String, String> software(RunStage stage) {
    return stage.provenance().map(Provenance::software).orElseGet(TreeMap::new);
  }

  /** Short ids of what the model was made from, by their places. */
  private static SortedMap<String, String> parents(RunStage stage, Places run) {
    SortedMap<String, String> parents = new TreeMap<>();
    stage.provenance().stream()
        .flatMap(own -> own.parents().stream())
        .forEach(
            parent ->
                parents.put(
                    run.moved(parent.path()),
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
