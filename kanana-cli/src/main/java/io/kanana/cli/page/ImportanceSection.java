package io.kanana.cli.page;

import io.kanana.cli.page.LineChart.Point;
import io.kanana.cli.page.LineChart.Series;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.config.Names;
import io.kanana.core.html.HtmlText;
import io.kanana.core.model.Axis;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.pretrain.prune.AxisScores;
import io.kanana.pretrain.prune.ImportanceScores;
import io.kanana.pretrain.prune.LayerAggregation;
import io.kanana.pretrain.reshape.LayerOrigin;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.ReshapePlanFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How important the units of a pruned model were, axis by axis, and which of them stayed. */
final class ImportanceSection {
  /** A unit of an axis; of those that all layers share, the layer is 0. */
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

  /** What was decided, if the parent that it is about is still where it was. */
  private static Optional<ReshapePlan> plan(RunStage stage) {
    Path decided = RunCheckpoints.model(stage.directory()).resolve(ReshapePlanFile.NAME);
    Path parent = Path.of(stage.settings().path("model").asText()).resolve(HuggingFaceConfig.FILE);
    return Files.exists(decided) && Files.exists(parent)
        ? Optional.of(ReshapePlanFile.read(decided, HuggingFaceConfig.read(parent).model()))
        : Optional.empty();
  }

  private void charts(StringBuilder page) {
    for (Axis axis : scores.axes()) {
      AxisScores found = scores.get(axis);
      boolean byLayer = found.across() == LayerAggregation.NONE;
      List<Unit> units = byLayer ? ofEachLayer(found) : ofLayer(0, found.overall());
      units.sort(Comparator.comparingDouble(Unit::score).reversed());
      new LineChart(Names.of(axis).replace('-', ' '), "rank", series(axis, units)).appendTo(page);
    }
  }

  private static List<Unit> ofEachLayer(AxisScores scores) {
    List<Unit> units = new ArrayList<>();
    for (int layer = 0; layer < scores.rows().length; layer++) {
      units.addAll(ofLayer(layer, scores.of(layer)));
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
    List<Point> kept = new ArrayList<>();
    List<Point> pruned = new ArrayList<>();
    for (int i = 0; i < ranked.size(); i++) {
      boolean stays = plan.isEmpty() || stays(plan.get(), axis, ranked.get(i));
      (stays ? kept : pruned).add(new Point(i + 1, ranked.get(i).score));
    }
    return List.of(new Series(plan.isEmpty() ? "all" : "kept", kept), new Series("pruned", pruned));
  }

  private static boolean stays(ReshapePlan plan, Axis axis, Unit unit) {
    return switch (axis) {
      case LAYERS -> plan.sources().contains(unit.number);
      case CHANNELS -> plan.channels().contains(unit.number);
      case HEADS, KV_HEADS, NEURONS ->
          origin(plan, unit.layer)
              .map(layer -> layer.units(axis).contains(unit.number))
              .orElse(false);
      case VOCABULARY -> true; // which nothing prunes
    };
  }

  /** What became of an old layer; of one that is gone, no unit stays. */
  private static Optional<LayerOrigin> origin(ReshapePlan plan, int layer) {
    return plan.layers().stream().filter(each -> each.source() == layer).findFirst();
  }
}
