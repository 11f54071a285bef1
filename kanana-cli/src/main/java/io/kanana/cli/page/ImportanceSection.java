package io.kanana.cli.page;

import io.kanana.cli.page.LineChart.Point;
import io.kanana.cli.page.LineChart.Series;
import io.kanana.core.config.Names;
import io.kanana.core.html.HtmlText;
import io.kanana.core.model.Axis;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.pretrain.prune.AxisScores;
import io.kanana.pretrain.prune.ImportanceScores;
import io.kanana.pretrain.prune.LayerAggregation;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.ReshapePlanFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How important the units of a pruned model were, axis by axis, and which of them stayed. */
final class ImportanceSection {
  /** In place of a layer, of units that are ranked for all layers together. */
  private static final int ALL = -1;

  private record Unit(int layer, int number, double score) {}

  private final ImportanceScores scores;
  private final Optional<ReshapePlan> plan;

  private ImportanceSection(ImportanceScores scores, Optional<ReshapePlan> plan) {
    this.scores = scores;
    this.plan = plan;
  }

  static void appendTo(StringBuilder page, RunStage stage) {
    Path file = stage.file("importance").resolve(ImportanceScores.FILE);
    if (Files.exists(file)) {
      page.append("<h2>").append(HtmlText.escape(stage.name()));
      page.append(" <small>importance, the greatest first</small></h2>\n<div class=\"charts\">\n");
      new ImportanceSection(ImportanceScores.read(file), plan(stage)).charts(page);
      page.append("</div>\n");
    }
  }

  /** What was decided, if it came to that. */
  private static Optional<ReshapePlan> plan(RunStage stage) {
    Path file = RunCheckpoints.model(stage.directory()).resolve(ReshapePlanFile.NAME);
    return Files.exists(file) ? Optional.of(ReshapePlanFile.look(file)) : Optional.empty();
  }

  private void charts(StringBuilder page) {
    for (Axis axis : scores.axes()) {
      AxisScores found = scores.get(axis);
      boolean byLayer = found.across() == LayerAggregation.NONE;
      List<Unit> units = byLayer ? ofEachLayer(found) : ofLayer(ALL, found.overall());
      units.sort(Comparator.comparingDouble(Unit::score).reversed());
      new LineChart(Names.of(axis).replace('-', ' '), "rank", series(axis, units)).appendTo(page);
    }
  }

  private static List<Unit> ofEachLayer(AxisScores scores) {
    List<Unit> units = new ArrayList<>();
    double[][] rows = scores.rows();
    for (int layer = 0; layer < rows.length; layer++) {
      units.addAll(ofLayer(layer, rows[layer]));
    }
    return units;
  }

  private static List<Unit> ofLayer(int layer, double[] scores) {
    List<Unit> units = new ArrayList<>();
    for (int i = 0; i < scores.length; i++) {
      units.add(new Unit(layer, i, scores[i]));
    }
    return units;
  }

  private List<Series> series(Axis axis, List<Unit> ranked) {
    Map<Integer, BitSet> stay = new HashMap<>();
    List<Point> kept = new ArrayList<>();
    List<Point> pruned = new ArrayList<>();
    for (int i = 0; i < ranked.size(); i++) {
      Unit unit = ranked.get(i);
      boolean stays =
          plan.isEmpty()
              || stay.computeIfAbsent(unit.layer, layer -> staying(plan.get(), axis, layer))
                  .get(unit.number);
      (stays ? kept : pruned).add(new Point(i + 1, unit.score));
    }
    return List.of(new Series(plan.isEmpty() ? "all" : "kept", kept), new Series("pruned", pruned));
  }

  /** The units of an old layer, or of any, that the new model has. */
  private static BitSet staying(ReshapePlan plan, Axis axis, int layer) {
    BitSet units = new BitSet();
    switch (axis) {
      case LAYERS -> plan.sources().stream().forEach(units::set);
      case CHANNELS -> plan.channels().stream().forEach(units::set);
      case HEADS, KV_HEADS, NEURONS ->
          plan.layers().stream()
              .filter(each -> layer == ALL || each.source() == layer)
              .forEach(each -> each.units(axis).stream().forEach(units::set));
      case VOCABULARY -> throw new IllegalArgumentException("nothing prunes the vocabulary");
    }
    return units;
  }
}
