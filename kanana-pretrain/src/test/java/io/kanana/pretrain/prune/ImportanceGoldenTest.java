package io.kanana.pretrain.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.config.Names;
import io.kanana.core.model.Axis;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.ParentModel;
import io.kanana.pretrain.reshape.GoldenPruning;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every golden score, on every back end, whatever the size of micro-batches. */
@Tag("golden")
class ImportanceGoldenTest {
  private static final Map<String, Axis> ACTIVATIONS =
      Map.of("heads", Axis.HEADS, "neurons", Axis.NEURONS, "channels", Axis.CHANNELS);

  private final GoldenPruning golden = new GoldenPruning();
  private final JsonNode inputs = golden.get("importance.inputs");

  private void withCalibration(TensorBackend backend, int microBatch, Consumer<Calibration> test) {
    Calibration.Windows windows =
        new Calibration.Windows(RowsOfIds.of(inputs.get("inputIds")), 100, microBatch);
    try (ParentModel parent = golden.parent(inputs.get("model"));
        Calibration calibration = SmallCalibration.undisturbed(parent, backend, windows)) {
      test.accept(calibration);
    }
  }

  @TestFactory
  Stream<DynamicTest> activationsInAllAggregations() {
    return GoldenPruning.onEveryBackEnd(
        backend ->
            withCalibration(
                backend,
                3,
                calibration -> {
                  for (Aggregation sequence : Aggregation.values()) {
                    for (Aggregation batch : Aggregation.values()) {
                      checkActivations(calibration, sequence, batch);
                    }
                  }
                }));
  }

  private void checkActivations(Calibration calibration, Aggregation sequence, Aggregation batch) {
    Activations.Aggregates how = new Activations.Aggregates(sequence, batch, LayerAggregation.SUM);
    List<AxisScores> scores =
        new Activations.Config(
                List.of(Axis.HEADS, Axis.NEURONS, Axis.CHANNELS),
                Activations.NeuronSignal.INTERMEDIATE,
                how,
                how,
                how,
                how)
            .create()
            .estimate(calibration);
    String name = "batch_" + Names.of(batch) + ".seq_" + Names.of(sequence);
    ACTIVATIONS.forEach(
        (id, axis) -> {
          JsonNode expected = golden.get("importance." + id).get("scores").get(name);
          AxisScores actual = new ImportanceScores(scores).get(axis);
          assertRows(id + " " + name, actual.rows(), expected.get("perLayer"), calibration);
          assertRow(id, actual.overall(), expected.get("sumOverLayers"), calibration);
        });
  }

  @TestFactory
  Stream<DynamicTest> layers() {
    return GoldenPruning.onEveryBackEnd(
        backend -> withCalibration(backend, 2, calibration -> checkLayers(calibration)));
  }

  private void checkLayers(Calibration calibration) {
    JsonNode expected = golden.get("importance.depth");
    AxisScores influence = only(new BlockInfluence.Config(), calibration);
    assertRow("influence", influence.overall(), expected.get("blockInfluence"), calibration);
    AxisScores removal = only(new LayerRemoval.Config(), calibration);
    JsonNode perplexity = expected.get("perplexityWithoutLayer");
    assertRow("perplexity", removal.overall(), perplexity, calibration);
  }

  private static AxisScores only(ImportanceEstimator.Config estimator, Calibration calibration) {
    List<AxisScores> scores = estimator.create().estimate(calibration);
    assertThat(scores).extracting(AxisScores::axis).isEqualTo(estimator.axes());
    return scores.getFirst();
  }

  @TestFactory
  Stream<DynamicTest> taylor() {
    return GoldenPruning.onEveryBackEnd(
        backend ->
            withCalibration(
                backend,
                3,
                calibration -> {
                  checkTaylor(calibration, Taylor.Reduction.MEAN_OF_MAGNITUDES, "MeanAbs");
                  checkTaylor(calibration, Taylor.Reduction.MAGNITUDE_OF_SUM, "AbsSum");
                }));
  }

  private void checkTaylor(Calibration calibration, Taylor.Reduction reduction, String suffix) {
    List<Axis> axes = List.of(Axis.HEADS, Axis.NEURONS);
    ImportanceScores scores =
        new ImportanceScores(
            new Taylor.Config(axes, reduction, LayerAggregation.SUM)
                .create()
                .estimate(calibration));
    JsonNode expected = golden.get("importance.taylor");
    assertRows("head", scores.get(Axis.HEADS).rows(), expected.get("head" + suffix), calibration);
    JsonNode neurons = expected.get("neuron" + suffix);
    assertRows("neuron", scores.get(Axis.NEURONS).rows(), neurons, calibration);
  }

  private static void assertRows(
      String what, double[][] rows, JsonNode expected, Calibration calibration) {
    assertThat(rows.length).isEqualTo(expected.size());
    for (int i = 0; i < rows.length; i++) {
      assertRow(what + " row " + i, rows[i], expected.get(i), calibration);
    }
  }

  /** Differences of sums are judged by the largest score, which their terms are as large as. */
  private static void assertRow(
      String what, double[] actual, JsonNode expected, Calibration calibration) {
    assertThat(actual.length).isEqualTo(expected.size());
    double largest = 0;
    for (JsonNode value : expected) {
      largest = Math.max(largest, Math.abs(value.asDouble()));
    }
    double tolerance = GoldenPruning.tolerance(calibration.backend()) * largest;
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).as(what).isCloseTo(expected.get(i).asDouble(), within(tolerance));
    }
  }
}
