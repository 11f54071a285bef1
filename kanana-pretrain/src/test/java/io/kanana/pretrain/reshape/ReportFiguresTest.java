package io.kanana.pretrain.reshape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.extension.Extensions;
import io.kanana.core.model.Axis;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.ModelExtensions;
import io.kanana.pretrain.prune.AxisScores;
import io.kanana.pretrain.prune.BestUnits;
import io.kanana.pretrain.prune.ImportanceScores;
import io.kanana.pretrain.prune.LayerAggregation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The models of the Kanana report (arXiv 2502.18934), one pruned from the other, and what they
 * cost.
 */
class ReportFiguresTest {
  private static final long TRILLION = 1_000_000_000_000L;

  private static ModelConfig shipped(String name) {
    Path models = Path.of(System.getProperty("kanana.root", ".."), "configs", "models");
    return new Binder(Extensions.of(new ModelExtensions()))
        .bind(ModelConfig.class, Yaml.read(models.resolve("kanana-" + name + ".yaml")))
        .config();
  }

  /** Each of the report's iterative prunings is a plan, of which the smaller shape comes out. */
  @ParameterizedTest
  @CsvSource({
    "8b, 4.5b, 4512746496",
    "8b, 3.1b, 3082569984",
    "4.5b, 2.1b, 2086979328",
    "2.1b, 1.3b, 1291814400",
    "1.3b, 635m, 634717184"
  })
  void everyModelIsPrunedFromTheOneBefore(String larger, String smaller, long parameters) {
    ModelConfig parent = shipped(larger);
    ModelConfig child = shipped(smaller);
    ReshapePlan plan = new BestUnits(parent, child, BestUnits.Options.USUAL).plan(falling(parent));
    assertThat(plan.target(parent)).isEqualTo(child);
    assertThat(plan.target(parent).parameterCount()).isEqualTo(parameters);
  }

  /** Scores by which the first units are the best. */
  private static ImportanceScores falling(ModelConfig shape) {
    List<AxisScores> scores = new ArrayList<>();
    for (Axis axis : List.of(Axis.HEADS, Axis.NEURONS, Axis.CHANNELS)) {
      double[] row = IntStream.range(0, axis.size(shape)).mapToDouble(i -> -i).toArray();
      scores.add(new AxisScores(axis, LayerAggregation.SUM, new double[][] {row}));
    }
    return new ImportanceScores(scores);
  }

  private static Provenance after(Provenance before, String run, double tokens, double parameters) {
    StageCompute stage =
        new StageCompute(run, "train", (long) (tokens * TRILLION), (long) parameters, 0, 0);
    List<StageCompute> ancestors =
        before == null ? List.of() : Provenance.ancestry(List.of(before));
    return new Provenance(
        "pretrain", Instant.EPOCH, "", List.of(), List.of(stage), ancestors, new TreeMap<>());
  }

  /** 6 N D over ancestors, as the report's first figure counts it. */
  @Test
  void whatTheModelsCost() {
    Provenance flag = after(after(null, "a", 3.0, 26.8e9), "b", 0.2, 32.5e9);
    assertThat(flag.totalSixNdFlops()).isCloseTo(5.214e23, within(0.001e23));
    Provenance essence = after(after(null, "a", 3.0, 8e9), "b", 0.2, 9.8e9);
    assertThat(essence.totalSixNdFlops()).isCloseTo(1.558e23, within(0.001e23));
    Provenance nano = after(null, "a", 0.3, 2.1e9);
    assertThat(nano.totalSixNdFlops()).isCloseTo(3.78e21, within(0.001e21));
  }

  /** Up-scaling saves 11.06 % of training both from scratch, and is 6.67 % of that. */
  @Test
  void whatUpScalingSaves() {
    double up = after(null, "a", 0.2, 9.8e9 + 32.5e9).totalSixNdFlops();
    double before = after(null, "a", 3.0, 8e9 + 26.8e9).totalSixNdFlops();
    double scratch = after(null, "a", 3.0, 9.8e9 + 32.5e9).totalSixNdFlops();
    assertThat(1 - (before + up) / scratch).isCloseTo(0.1106, within(0.00005));
    assertThat(up / scratch).isCloseTo(0.0667, within(0.00005));
  }
}
