package io.kanana.posttrain.preference;

import io.kanana.core.autograd.Tape;
import io.kanana.core.model.Llama;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective;
import java.util.List;

/** Loss and gradients of all pairs at once. */
record PreferenceStep(Llama model, PairBatches data) {
  double run(PreferenceLoss loss, ReferenceLogs reference) {
    PreferenceObjective objective =
        new PreferenceObjective(loss, 0, new ReferencedPairs(data, reference));
    TokenBatch batch = data.batch(0, (int) data.epochLength());
    long pairs = objective.targets(batch);
    TensorBackend backend = model.backend();
    model.clearGradients();
    try (Scope scope = backend.scope("step")) {
      Tensor sums = scope.zeros(backend.kernels(), DType.F64, objective.terms().size());
      Tape tape = Tape.recording(backend.kernels(), scope);
      objective
          .forStep(model, List.of(batch), 0)
          .accumulate(
              new TrainingObjective.Forward(model, tape, 0, false),
              batch,
              batch.input(backend, scope),
              1.0 / pairs,
              sums);
      tape.backward();
      return objective.loss(backend.doubles(sums), pairs);
    }
  }
}
