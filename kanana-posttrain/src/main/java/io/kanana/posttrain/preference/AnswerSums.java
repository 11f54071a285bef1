package io.kanana.posttrain.preference;

import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.model.Llama;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.TokenBatch;

/**
 * Sums over answers of what a batch has for every position.
 *
 * @param logs the log-probability of each position's target, 0 where there is none
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
record AnswerSums(double[] logs) {
  /** Those of a model that is not trained here. */
  static AnswerSums of(Llama model, TokenBatch batch) {
    TensorBackend backend = model.backend();
    try (Scope scope = backend.scope("log-probabilities")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      Variable logs = logs(model, tape, batch, batch.input(backend, scope), false);
      return new AnswerSums(backend.doubles(logs.value()));
    }
  }

  /** The log-probability of each target: [N]. */
  static Variable logs(
      Llama model, Tape tape, TokenBatch batch, TokenInput input, boolean recompute) {
    Variable hidden = model.hidden(tape, input, recompute);
    Tensor targets = tape.scope().allocate(DType.I32, batch.targets().length);
    model.backend().write(batch.targets(), targets);
    return tape.logProbabilities(hidden, model.head(), targets);
  }

  /**
   * @param at the position of the document's first token
   */
  double of(AnswerTokens answer, int at) {
    double sum = 0;
    for (int i = answer.answered() - 1; i < answer.length() - 1; i++) {
      sum += logs[at + i];
    }
    return sum;
  }

  /** Gives every position that predicts a token of the answer the same derivative. */
  static void spread(double derivative, AnswerTokens answer, int at, double[] gradient) {
    for (int i = answer.answered() - 1; i < answer.length() - 1; i++) {
      gradient[at + i] = derivative;
    }
  }

  /** Documents with targets: an answer's targets are without gaps, and nothing follows its last. */
  static long documents(TokenBatch batch) {
    int[] targets = batch.targets();
    long documents = 0;
    for (int i = 0; i < targets.length; i++) {
      boolean ends = i + 1 == targets.length || targets[i + 1] == TokenBatch.IGNORE;
      documents += targets[i] != TokenBatch.IGNORE && ends ? 1 : 0;
    }
    return documents;
  }
}
