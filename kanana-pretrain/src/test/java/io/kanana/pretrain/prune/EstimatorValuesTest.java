package io.kanana.pretrain.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.model.Axis;
import io.kanana.core.model.LayerObserver;
import io.kanana.core.model.LayerObserver.Site;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.TokenBatch;
import io.kanana.pretrain.reshape.SmallModels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What no golden value says, against sums over everything at once. */
class EstimatorValuesTest {
  private static final Activations.Aggregates MEANS =
      new Activations.Aggregates(Aggregation.MEAN, Aggregation.MEAN, LayerAggregation.SUM);

  @TempDir private Path directory;
  private ParentModel parent;
  private TensorBackend backend;

  @BeforeEach
  void open() {
    parent =
        SmallModels.write(directory.resolve("parent"), SmallModels.grouped(false), StoredType.F32);
    backend = new ReferenceBackend();
  }

  @AfterEach
  void close() {
    parent.close();
    backend.close();
  }

  private <T> T calibrated(Function<Calibration, T> use) {
    return SmallCalibration.with(parent, backend, 7, use);
  }

  /** All values of a site in each layer, in one array. */
  private List<double[]> values(Site wanted) {
    Map<Integer, double[]> found = new TreeMap<>();
    BatchFold keeping =
        new BatchFold() {
          @Override
          public LayerObserver over(TokenBatch batch) {
            return (tape, layer, site, value) -> {
              if (site == wanted) {
                found.put(layer, backend.doubles(value.value()));
              }
            };
          }

          @Override
          public Map<String, double[]> memory() {
            return Map.of();
          }
        };
    calibrated(
        calibration -> {
          calibration.observe(keeping);
          return found;
        });
    return List.copyOf(found.values());
  }

  private double[][] activations(Axis axis, Activations.NeuronSignal signal) {
    return calibrated(
        calibration ->
            new Activations.Config(List.of(axis), signal, MEANS, MEANS, MEANS, MEANS)
                .create()
                .estimate(calibration)
                .getFirst()
                .rows());
  }

  @Test
  void gateAndUpIsTheMeanOfBothMagnitudes() {
    double[][] rows = activations(Axis.NEURONS, Activations.NeuronSignal.GATE_AND_UP);
    List<double[]> gateUp = values(Site.GATE_UP);
    for (int layer = 0; layer < rows.length; layer++) {
      double[] sums = new double[28];
      double[] all = gateUp.get(layer);
      for (int i = 0; i < all.length; i++) {
        sums[i % 28] += Math.abs(all[i]) / 2;
      }
      assertMeans(rows[layer], sums, all.length / 56);
    }
  }

  @Test
  void aKvHeadIsAsLargeAsAllItsHeadsTogether() {
    double[][] rows = activations(Axis.KV_HEADS, Activations.NeuronSignal.INTERMEDIATE);
    List<double[]> heads = values(Site.HEADS);
    for (int layer = 0; layer < rows.length; layer++) {
      double[] sums = new double[2];
      double[] all = heads.get(layer);
      for (int group = 0; group < all.length / 24; group++) {
        double squares =
            Arrays.stream(all, group * 24, (group + 1) * 24).map(value -> value * value).sum();
        sums[group % 2] += Math.sqrt(squares);
      }
      assertMeans(rows[layer], sums, all.length / 48);
    }
  }

  private static void assertMeans(double[] actual, double[] sums, int positions) {
    for (int i = 0; i < sums.length; i++) {
      assertThat(actual[i]).isCloseTo(sums[i] / positions, within(1e-12));
    }
  }

  /** The norm of exactly the weights that a plan would leave out with the unit. */
  @Test
  void magnitudesAreOfTheWeightsThatGoWithAUnit() {
    List<Axis> axes = List.of(Axis.HEADS, Axis.KV_HEADS, Axis.NEURONS, Axis.CHANNELS, Axis.LAYERS);
    ImportanceScores scores =
        new ImportanceScores(
            calibrated(
                c -> new WeightMagnitude.Config(axes, LayerAggregation.SUM).create().estimate(c)));
    double head = squares(0, "q_proj", 2 * 8, 3 * 8, true) + squares(0, "o_proj", 16, 24, false);
    assertRoot(scores.get(Axis.HEADS).rows()[0][2], head);
    double kv = squares(1, "k_proj", 8, 16, true) + squares(1, "v_proj", 8, 16, true);
    assertRoot(scores.get(Axis.KV_HEADS).rows()[1][1], kv);
    double neuron =
        squares(2, "gate_proj", 5, 6, true)
            + squares(2, "up_proj", 5, 6, true)
            + squares(2, "down_proj", 5, 6, false);
    assertRoot(scores.get(Axis.NEURONS).rows()[2][5], neuron);
    assertRoot(scores.get(Axis.CHANNELS).rows()[3][4], outside(4));
    double layer =
        parent.stored().tensors().names().stream()
            .filter(name -> name.startsWith("model.layers.1."))
            .mapToDouble(name -> sum(parent.stored().weight(name).floats()))
            .sum();
    assertRoot(scores.get(Axis.LAYERS).rows()[0][1], layer);
  }

  private static void assertRoot(double score, double squares) {
    assertThat(score).isCloseTo(Math.sqrt(squares), within(1e-9));
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }

  /** The squares of some rows, or columns, of a projection. */
  private double squares(int layer, String projection, int from, int to, boolean rows) {
    String name =
        parent.stored().tensors().names().stream()
            .filter(n -> n.contains("layers." + layer + ".") && n.contains(projection))
            .findFirst()
            .orElseThrow();
    int width = parent.stored().weight(name).spec().shape().get(1).intValue();
    return squares(parent.stored().weight(name).floats(), width, from, to, rows);
  }

  private static double squares(float[] all, int width, int from, int to, boolean rows) {
    double sum = 0;
    for (int i = 0; i < all.length; i++) {
      int place = rows ? i / width : i % width;
      sum += place >= from && place < to ? (double) all[i] * all[i] : 0;
    }
    return sum;
  }

  /** A channel in embedding, head and final norm. */
  private double outside(int channel) {
    double norm = parent.stored().weight("model.norm.weight").floats()[channel];
    return norm * norm
        + squares(
            parent.stored().weight("model.embed_tokens.weight").floats(),
            20,
            channel,
            channel + 1,
            false)
        + squares(
            parent.stored().weight("lm_head.weight").floats(), 20, channel, channel + 1, false);
  }

  /** A window that is filled up at its end counts as the shorter one that it is. */
  @Test
  void paddingIsNotText() {
    int[][] rows = SmallModels.rows(2, 6);
    double[][] padded = heads(new Padded(new RowsOfIds(rows), 10));
    assertThat(padded).isDeepEqualTo(heads(new RowsOfIds(rows)));
  }

  private double[][] heads(BatchSource text) {
    Calibration.Windows windows = new Calibration.Windows(text, 2, 1);
    try (Calibration calibration = SmallCalibration.undisturbed(parent, backend, windows)) {
      return new Activations.Config(
              List.of(Axis.HEADS),
              Activations.NeuronSignal.INTERMEDIATE,
              MEANS,
              MEANS,
              MEANS,
              MEANS)
          .create()
          .estimate(calibration)
          .getFirst()
          .rows();
    }
  }

  /** Rows of another source, one at a time, filled up as the end of a stream is. */
  private record Padded(BatchSource source, int contextLength) implements BatchSource {
    @Override
    public long epochLength() {
      return source.epochLength();
    }

    @Override
    public TokenBatch batch(long firstSequence, int rows) {
      TokenBatch row = source.batch(firstSequence, 1);
      int[] targets = Arrays.copyOf(row.targets(), contextLength);
      int[] starts = Arrays.copyOf(row.documentStarts(), contextLength);
      for (int t = row.contextLength(); t < contextLength; t++) {
        targets[t] = TokenBatch.IGNORE;
        starts[t] = t;
      }
      return new TokenBatch(
          1,
          contextLength,
          Arrays.copyOf(row.tokens(), contextLength),
          targets,
          Arrays.copyOf(row.positions(), contextLength),
          starts,
          row.textBytes());
    }

    @Override
    public String fingerprint() {
      return source.fingerprint();
    }
  }
}
