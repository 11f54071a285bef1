package io.kanana.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scores of a reward model, and their gradients by every weight. */
class ScoringGradientTest {
  private static final int BATCH = 2;
  private static final int TIME = 5;
  private static final int VOCABULARY = 11;
  private static final double STEP = 1e-5;

  /** One of them twice: what reaches a row from both is added up. */
  private static final int[] LASTS = {2, 4, 9, 4};

  private final TensorBackend backend = TensorBackends.open("reference", 1);

  @AfterEach
  void close() {
    backend.close();
  }

  private static ModelConfig shape(boolean tied) {
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    return new ModelConfig(2, 8, 4, 2, 4, 6, VOCABULARY, TIME, 1e-5, rope, tied);
  }

  private Llama model(boolean tied) {
    Llama model = Llama.scoring(shape(tied), Precision.F32, backend, true);
    model.initialise(RandomKey.of(3), 0.4);
    return model;
  }

  private Tensor ints(Scope scope, int... values) {
    Tensor tensor = scope.allocate(DType.I32, values.length);
    backend.write(values, tensor);
    return tensor;
  }

  private TokenInput input(Scope scope) {
    int[] tokens = new int[BATCH * TIME];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = RandomKey.of(9).below(i, VOCABULARY);
    }
    return TokenInput.whole(backend, scope, BATCH, TIME, tokens);
  }

  /** The sum of the scores' negative cosines. */
  private double loss(Llama model, boolean backward, boolean recompute) {
    try (Scope scope = backend.scope("run")) {
      Tape tape =
          backward
              ? Tape.recording(backend.kernels(), scope)
              : Tape.forwardOnly(backend.kernels(), scope);
      Variable scores = model.scores(tape, input(scope), ints(scope, LASTS), recompute);
      double[] values = backend.doubles(scores.value());
      if (backward) {
        Tensor seed = scope.allocate(DType.F32, values.length, 1);
        backend.write(java.util.Arrays.stream(values).map(Math::sin).toArray(), seed);
        tape.seed(scores, seed);
        tape.backward();
      }
      return -java.util.Arrays.stream(values).map(Math::cos).sum();
    }
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, true"})
  void everyGradientIsThatOfTheScores(boolean tied, boolean recompute) {
    try (Llama model = model(tied)) {
      loss(model, true, recompute);
      for (Parameter parameter : model.parameters()) {
        double[] gradient = backend.doubles(parameter.gradient());
        double[] value = backend.doubles(parameter.value());
        for (int i = 0; i < value.length; i++) {
          double expected = difference(model, parameter, value, i);
          assertThat(gradient[i])
              .as("%s [%d]", parameter.name(), i)
              .isCloseTo(expected, offset(1e-7 + 1e-5 * Math.abs(expected)));
        }
      }
      assertThat(backend.doubles(model.scoreHead().gradient())).doesNotContain(0.0);
    }
  }

  private double difference(Llama model, Parameter parameter, double[] value, int index) {
    double kept = value[index];
    value[index] = kept + STEP;
    backend.write(value, parameter.value());
    double above = loss(model, false, false);
    value[index] = kept - STEP;
    backend.write(value, parameter.value());
    double below = loss(model, false, false);
    value[index] = kept;
    backend.write(value, parameter.value());
    return (above - below) / (2 * STEP);
  }

  @Test
  void aScoreIsTheHeadTimesTheLastHiddenState() {
    try (Llama model = model(true);
        Scope scope = backend.scope("run")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      Variable scores = model.scores(tape, input(scope), ints(scope, LASTS), false);
      double[] hidden = backend.doubles(model.hidden(tape, input(scope), false).value());
      double[] head = backend.doubles(model.scoreHead().value());
      for (int i = 0; i < LASTS.length; i++) {
        double expected = 0;
        for (int c = 0; c < head.length; c++) {
          expected += hidden[LASTS[i] * head.length + c] * head[c];
        }
        assertThat(backend.doubles(scores.value())[i]).isCloseTo(expected, offset(1e-12));
      }
    }
  }

  @Test
  void theHeadTakesThePlaceOfTheOther() {
    try (Llama tied = model(true);
        Llama untied = model(false);
        Llama language = Llama.frozen(shape(true), Precision.F32, backend)) {
      for (Llama model : List.of(tied, untied)) {
        assertThat(model.parameters().getLast().name()).isEqualTo("score.weight");
        assertThat(model.parameters().stream().mapToLong(p -> p.value().size()).sum())
            .isEqualTo(ModelHead.SCORE.parameterCount(model.config()));
        assertThatThrownBy(model::head).isInstanceOf(IllegalStateException.class);
      }
      assertThatThrownBy(language::scoreHead).isInstanceOf(IllegalStateException.class);
      double language6 = ModelHead.TOKENS.trainingFlopsPerToken(shape(true), TIME);
      assertThat(language6 - ModelHead.SCORE.trainingFlopsPerToken(shape(true), TIME))
          .isEqualTo(6.0 * VOCABULARY * 8);
    }
  }
}
