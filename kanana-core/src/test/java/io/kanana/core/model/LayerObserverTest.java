package io.kanana.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.model.LayerObserver.Site;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever looks on sees every site in order, its gradient, and changes nothing. */
class LayerObserverTest {
  private static final int TIME = 5;
  private static final ModelConfig SHAPE =
      new ModelConfig(
          2, 8, 4, 2, 4, 12, 20, 16, 1e-5, new RopeConfig(10_000, new RopeScaling.None()), false);

  private final TensorBackend backend = new ReferenceBackend();
  private final Llama model = Llama.trainable(SHAPE, Precision.F32, backend);
  private final Scope scope = backend.scope("test");

  @BeforeEach
  void initialise() {
    model.initialise(RandomKey.of(2), 0.3);
  }

  @AfterEach
  void close() {
    scope.close();
    model.close();
    backend.close();
  }

  private TokenInput input() {
    int[] ids = IntStream.range(0, 2 * TIME).map(i -> (7 * i + 3) % 20).toArray();
    return TokenInput.whole(backend, scope, 2, TIME, ids);
  }

  @Test
  void seesEverySiteOfEveryLayerInItsShape() {
    Map<Site, Integer> widths =
        Map.of(
            Site.INPUT, 8,
            Site.ATTENTION_NORM, 8,
            Site.HEADS, 16,
            Site.FFN_NORM, 8,
            Site.GATE_UP, 24,
            Site.NEURONS, 12,
            Site.OUTPUT, 8);
    List<String> seen = new ArrayList<>();
    LayerObserver observer =
        (tape, layer, site, value) -> {
          seen.add(layer + " " + site);
          assertThat(value.value().shape()).containsExactly(2 * TIME, widths.get(site));
        };
    Tape tape = Tape.forwardOnly(backend.kernels(), scope);
    double[] observed = backend.doubles(model.hidden(tape, input(), observer).value());
    List<String> expected = new ArrayList<>();
    for (int layer = 0; layer < 2; layer++) {
      for (Site site : Site.values()) {
        expected.add(layer + " " + site);
      }
    }
    assertThat(seen).isEqualTo(expected);
    assertThat(observed).isEqualTo(backend.doubles(model.hidden(tape, input(), false).value()));
  }

  @Test
  void theOutputOfALayerIsTheInputOfTheNext() {
    Map<String, double[]> seen = new HashMap<>();
    Tape tape = Tape.forwardOnly(backend.kernels(), scope);
    model.hidden(
        tape,
        input(),
        (t, layer, site, value) -> seen.put(layer + " " + site, backend.doubles(value.value())));
    List<Variable> states = model.hiddenStates(tape, input(), false);
    for (int layer = 0; layer < 2; layer++) {
      assertThat(seen.get(layer + " INPUT")).isEqualTo(backend.doubles(states.get(layer).value()));
      assertThat(seen.get(layer + " OUTPUT"))
          .isEqualTo(backend.doubles(states.get(layer + 1).value()));
    }
  }

  /**
   * To first order, scaling all activations of a site by 1 + e changes the loss by e * sum(a * g);
   * the down projection, scaled instead, changes it by the same, as its input is linear in it.
   */
  @Test
  void watchedGradientsAreThoseOfTheLoss() {
    double[] products = new double[1];
    Tape tape = Tape.recording(backend.kernels(), scope);
    Variable hidden =
        model.hidden(
            tape,
            input(),
            (t, layer, site, value) -> {
              if (site == Site.NEURONS && layer == 1) {
                t.watch(value, gradient -> products[0] += product(value.value(), gradient));
              }
            });
    loss(tape, hidden);
    tape.backward();
    Tensor down =
        model.parameters().stream()
            .filter(parameter -> parameter.name().equals("model.layers.1.mlp.down_proj.weight"))
            .findFirst()
            .orElseThrow()
            .value();
    double step = 1e-4;
    backend.kernels().scale(down, 1 + step);
    double more = loss();
    backend.kernels().scale(down, (1 - step) / (1 + step));
    double less = loss();
    assertThat(products[0]).isNotZero().isCloseTo((more - less) / (2 * step), within(1e-7));
  }

  private double product(Tensor values, Tensor gradient) {
    double[] a = backend.doubles(values);
    double[] g = backend.doubles(gradient);
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * g[i]).sum();
  }

  private double loss() {
    Tape tape = Tape.forwardOnly(backend.kernels(), scope);
    return loss(tape, model.hidden(tape, input(), false));
  }

  private double loss(Tape tape, Variable hidden) {
    Tensor targets = scope.allocate(DType.I32, 2 * TIME);
    backend.write(IntStream.range(0, 2 * TIME).map(i -> (5 * i + 1) % 20).toArray(), targets);
    Tensor sums = scope.zeros(backend.kernels(), DType.F64, 2);
    tape.crossEntropy(hidden, model.head(), targets, 1, 0, sums);
    return backend.doubles(sums)[0];
  }
}
