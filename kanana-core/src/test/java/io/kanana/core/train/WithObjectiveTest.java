package io.kanana.core.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What runs keep of it, the tests of distillation show. */
class WithObjectiveTest {
  /** One with a weight of that name; it is never asked for its loss. */
  private record Named(List<Parameter> parameters) implements TrainingObjective {
    @Override
    public List<String> terms() {
      throw new AssertionError();
    }

    @Override
    public void accumulate(
        Forward forward, TokenBatch batch, TokenInput input, double scale, Tensor sums) {
      throw new AssertionError();
    }

    @Override
    public double loss(double[] sums, long targets) {
      throw new AssertionError();
    }

    @Override
    public double flopsPerToken(ModelConfig model, int time) {
      throw new AssertionError();
    }
  }

  private static Parameter named(String name, Scope scope) {
    Tensor value = scope.allocate(DType.F32, 1, 1);
    return new Parameter(List.of(new Part(name, 0, 1)), true, value, value, value);
  }

  @Test
  void itsWeightsAreKnownByTheirNames() {
    try (TensorBackend backend = new ReferenceBackend();
        Scope scope = backend.scope("weights")) {
      ModelFiles model = new WholeModel((Llama) null);
      assertThat(model.with(new Named(List.of()), backend)).isSameAs(model);
      TrainingObjective right = new Named(List.of(named("objective.map.weight", scope)));
      assertThat(model.with(right, backend)).isInstanceOf(WithObjective.class);
      TrainingObjective wrong = new Named(List.of(named("map.weight", scope)));
      assertThatThrownBy(() -> model.with(wrong, backend))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "weights of an objective must have names that begin with objective., got map.weight");
    }
  }
}
