package io.kanana.data.classify.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.error.NumericalException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Stopped;
import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeadNetworkTest {
  private static final int WIDTH = 13;

  static Stream<List<Integer>> shapes() {
    return Stream.of(List.of(), List.of(1), List.of(17, 3));
  }

  private static float[] embedding(long index) {
    float[] row = new float[WIDTH];
    RandomKey.of(7).child(index).fillGaussian(row, 0, 1);
    return row;
  }

  /** A linear map with a bias. */
  private static double planted(float[] row) {
    double score = 2.5;
    for (int c = 0; c < WIDTH; c++) {
      score += (c - 6) * 0.1 * row[c];
    }
    return score;
  }

  private static ScoredEmbeddings data(int count) {
    ScoredEmbeddings data = new ScoredEmbeddings();
    for (int i = 0; i < count; i++) {
      data.add(embedding(i), planted(embedding(i)));
    }
    return data;
  }

  private static RegressionHead trained(List<Integer> hidden, long seed, int epochs) {
    HeadOptions options = new HeadOptions(hidden, epochs, 16, 0.01);
    return new HeadTrainer(options, RandomKey.of(seed), 1, new Cancellation())
        .train(data(400), (_, _) -> {});
  }

  @Test
  void recoversALinearMap() {
    RegressionHead head = trained(List.of(), 1, 40);
    RegressionHead.Layer layer = head.layers().getFirst();
    assertThat((double) layer.biases()[0]).isCloseTo(2.5, within(1e-3));
    for (int c = 0; c < WIDTH; c++) {
      assertThat((double) layer.weights()[c]).isCloseTo((c - 6) * 0.1, within(1e-3));
    }
  }

  @Test
  void hiddenLayersLearn() {
    RegressionHead head = trained(List.of(16), 1, 40);
    double sum = 0;
    for (int i = 1000; i < 1100; i++) {
      sum += Math.pow(head.score(embedding(i)) - planted(embedding(i)), 2) / 100;
    }
    assertThat(sum).isLessThan(0.2); // the variance of the scores is 1.8
  }

  /** W2 relu(W1 x + b1) + b2 written out over the numbers as they are saved. */
  private static double obvious(RegressionHead head, float[] x) {
    List<Double> values = new ArrayList<>();
    for (float value : x) {
      values.add((double) value);
    }
    for (int i = 0; i < head.layers().size(); i++) {
      RegressionHead.Layer layer = head.layers().get(i);
      List<Double> next = new ArrayList<>();
      for (int out = 0; out < layer.biases().length; out++) {
        double sum = layer.biases()[out];
        for (int in = 0; in < values.size(); in++) {
          sum += layer.weights()[out * values.size() + in] * values.get(in);
        }
        boolean last = i == head.layers().size() - 1;
        next.add(last ? sum : Math.max(0, sum));
      }
      values = next;
    }
    return values.getFirst();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void predictionsAreThoseOfAPlainLoop(List<Integer> hidden) {
    RegressionHead head = trained(hidden, 3, 2);
    float[][] rows = new float[50][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = embedding(5000 + i);
    }
    try (HeadNetwork network = HeadNetwork.of(head, 0.01, 1)) {
      float[] scores = network.scores(rows);
      for (int i = 0; i < rows.length; i++) {
        double expected = obvious(head, rows[i]);
        assertThat((double) scores[i]).isCloseTo(expected, within(1e-5));
        assertThat(head.score(rows[i])).isCloseTo(expected, within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aNetworkGivesTheNumbersBackThatItWasGiven(List<Integer> hidden) {
    RegressionHead head = RegressionHead.initial(WIDTH, hidden, 1.25, RandomKey.of(2));
    assertThat(head.hidden()).isEqualTo(hidden);
    assertThat(head.score(embedding(1))).isEqualTo(1.25);
    try (HeadNetwork network = HeadNetwork.of(head, 0.01, 1)) {
      assertSame(network.head(), head);
    }
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theSeedDecides(List<Integer> hidden) {
    RegressionHead head = trained(hidden, 5, 2);
    assertSame(trained(hidden, 5, 2), head);
    assertThat(trained(hidden, 6, 2).layers().getFirst().weights())
        .isNotEqualTo(head.layers().getFirst().weights());
  }

  private static void assertSame(RegressionHead found, RegressionHead expected) {
    assertThat(found.layers()).hasSameSizeAs(expected.layers());
    for (int i = 0; i < expected.layers().size(); i++) {
      assertThat(found.layers().get(i).weights()).isEqualTo(expected.layers().get(i).weights());
      assertThat(found.layers().get(i).biases()).isEqualTo(expected.layers().get(i).biases());
    }
  }

  /** The first steps of Adam, by its definition (Kingma and Ba, algorithm 1). */
  @Test
  void stepsAreThoseOfAdam() {
    RegressionHead head = RegressionHead.initial(WIDTH, List.of(), 0.5, RandomKey.of(1));
    double[] weights = new double[WIDTH + 1];
    weights[WIDTH] = 0.5;
    double[] first = new double[WIDTH + 1];
    double[] second = new double[WIDTH + 1];
    try (HeadNetwork network = HeadNetwork.of(head, 0.01, 1)) {
      for (int step = 1; step <= 5; step++) {
        float[][] rows = {embedding(3L * step), embedding(3L * step + 1)};
        float[] scores = {(float) planted(rows[0]), (float) planted(rows[1])};
        double loss = network.step(rows, scores);
        assertThat(loss).isCloseTo(adam(weights, first, second, step, rows, scores), within(1e-4));
      }
      RegressionHead.Layer layer = network.head().layers().getFirst();
      for (int c = 0; c < WIDTH; c++) {
        assertThat((double) layer.weights()[c]).isCloseTo(weights[c], within(1e-5));
      }
      assertThat((double) layer.biases()[0]).isCloseTo(weights[WIDTH], within(1e-5));
    }
  }

  private static double adam(
      double[] weights, double[] first, double[] second, int step, float[][] rows, float[] scores) {
    double[] gradient = new double[weights.length];
    double loss = 0;
    for (int i = 0; i < rows.length; i++) {
      double error = weights[WIDTH] - scores[i];
      for (int c = 0; c < WIDTH; c++) {
        error += weights[c] * rows[i][c];
      }
      loss += error * error / rows.length;
      for (int c = 0; c < WIDTH; c++) {
        gradient[c] += 2 * error * rows[i][c] / rows.length;
      }
      gradient[WIDTH] += 2 * error / rows.length;
    }
    for (int c = 0; c < weights.length; c++) {
      first[c] = 0.9 * first[c] + 0.1 * gradient[c];
      second[c] = 0.999 * second[c] + 0.001 * gradient[c] * gradient[c];
      double corrected = Math.sqrt(second[c] / (1 - Math.pow(0.999, step)));
      weights[c] -= 0.01 * first[c] / (1 - Math.pow(0.9, step)) / (corrected + 1e-8);
    }
    return loss;
  }

  @Test
  void aLossThatIsNotFiniteIsNamed() {
    HeadOptions options = new HeadOptions(List.of(8), 50, 16, 1e30);
    HeadTrainer trainer = new HeadTrainer(options, RandomKey.of(1), 1, new Cancellation());
    assertThatThrownBy(() -> trainer.train(data(100), (_, _) -> {}))
        .isInstanceOf(NumericalException.class)
        .hasMessageContaining("head.learning-rate");
  }

  @Test
  void aStopIsHeeded() {
    Cancellation cancellation = new Cancellation();
    HeadOptions options = new HeadOptions(List.of(), 1_000_000, 16, 0.01);
    HeadTrainer trainer = new HeadTrainer(options, RandomKey.of(1), 1, cancellation);
    assertThatThrownBy(() -> trainer.train(data(100), (_, _) -> cancellation.request()))
        .isInstanceOf(Stopped.class);
  }
}
