package io.kanana.data.classify.regression;

import io.kanana.core.autograd.Tape;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.NumericalException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.core.train.ComputeConfig;
import io.kanana.core.train.ParentModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a frozen language model makes of a document: the mean over the tokens of its text of the
 * last hidden states, normalised, [C]. The token that begins documents is read first where the
 * tokenizer has one, as in training, but is not part of the mean: nothing stands before it, so its
 * state is the same in every document.
 *
 * <p>It owns model and back end until it is closed. Safe for use by several threads, which wait for
 * one another: one document's products take all threads of the back end.
 */
public final class DocumentEmbedding implements AutoCloseable {
  private final Object lock = new Object();
  private final TensorBackend backend;
  private final ModelDirectory directory;
  private final String modelId;
  private final int maxTokens;

  private DocumentEmbedding(
      TensorBackend backend, ModelDirectory directory, String modelId, int maxTokens) {
    this.backend = backend;
    this.directory = directory;
    this.modelId = modelId;
    this.maxTokens = maxTokens;
  }

  /**
   * Reads a model, ours or any Llama in a Hugging Face directory.
   *
   * @param maxTokens of a text; the rest of it is left out
   * @throws ConfigException if the model's context has no room for so many
   * @throws io.kanana.core.error.CheckpointException if the directory holds no whole language model
   * @throws io.kanana.core.error.BackendException if the back end is not there
   */
  public static DocumentEmbedding open(Path model, int maxTokens, ComputeConfig compute) {
    return open(model, maxTokens, compute, _ -> {});
  }

  /**
   * The same for a certain model.
   *
   * @param check is given the model's identity before weights are read, to refuse it
   */
  static DocumentEmbedding open(
      Path model, int maxTokens, ComputeConfig compute, Consumer<String> check) {
    String id;
    try (ParentModel parent = ParentModel.open(model)) {
      id = parent.id();
      check.accept(id);
      checkContext(model, parent.shape(), maxTokens);
    }
    TensorBackend backend = TensorBackends.open(compute.backend(), compute.threadCount());
    try {
      ModelDirectory directory = ModelDirectory.open(model, backend, compute.precision());
      return new DocumentEmbedding(backend, directory, id, maxTokens);
    } catch (RuntimeException | Error e) {
      backend.close();
      throw e;
    }
  }

  /**
   * Refuses more tokens than a model has positions for, beside the token that begins documents.
   *
   * @param model the directory, of which the tokenizer is read
   */
  static void checkContext(Path model, ModelConfig shape, int maxTokens) {
    int begin = Tokenizers.load(model).beginOfText().isPresent() ? 1 : 0;
    Check.that(
        maxTokens + begin <= shape.contextLength(),
        "max-tokens",
        "must be at most %s, since the context of %s is %s, got %s",
        shape.contextLength() - begin,
        model,
        shape.contextLength(),
        maxTokens);
  }

  /**
   * The model's {@link ParentModel#id}, for which every file of a model of ours, and all weights of
   * one that others made, are read.
   */
  public String modelId() {
    return modelId;
  }

  /** C, the length of an embedding. */
  public int width() {
    return llama().config().hiddenSize();
  }

  /** How many tokens of a text are read. */
  public int maxTokens() {
    return maxTokens;
  }

  private Llama llama() {
    return directory.model();
  }

  private Tokenizer tokenizer() {
    return directory.tokenizer();
  }

  /**
   * The embedding of a text: [C], the caller's; empty for a text without a token, of which there is
   * no mean.
   *
   * @throws NumericalException if the model makes numbers of it that are not finite
   */
  public Optional<float[]> of(String text) {
    int[] own = tokenizer().encode(text, Specials.NONE);
    if (own.length == 0) {
      return Optional.empty();
    }
    int[] begin = tokenizer().beginOfText().stream().toArray();
    int count = Math.min(own.length, maxTokens);
    int[] tokens = Arrays.copyOf(begin, begin.length + count);
    System.arraycopy(own, 0, tokens, begin.length, count);
    return Optional.of(mean(hidden(tokens), begin.length, tokens.length));
  }

  /** The last hidden states of a document: [T, C], row after row. */
  private float[] hidden(int[] tokens) {
    synchronized (lock) {
      try (Scope scope = backend.scope("document")) {
        Tape tape = Tape.forwardOnly(backend.kernels(), scope);
        TokenInput input = TokenInput.whole(backend, scope, 1, tokens.length, tokens);
        return backend.floats(llama().hidden(tape, input, false).value());
      } finally {
        backend.pool().trim(); // the next document has another length
      }
    }
  }

  /** The mean of rows {@code from} to {@code to} (exclusive): [C]. */
  private float[] mean(float[] hidden, int from, int to) {
    double[] sums = new double[width()];
    for (int row = from; row < to; row++) {
      for (int c = 0; c < sums.length; c++) {
        sums[c] += hidden[row * sums.length + c];
      }
    }
    float[] mean = new float[sums.length];
    for (int c = 0; c < mean.length; c++) {
      mean[c] = finite(sums[c] / (to - from), c);
    }
    return mean;
  }

  private float finite(double value, int channel) {
    if (!Double.isFinite(value)) {
      throw new NumericalException(
          String.format(
              Locale.ROOT,
              "the hidden states of %s have a mean of %s in channel %d; a model whose numbers are"
                  + " finite is needed: take another one, or precision f32",
              directory.directory(),
              value,
              channel));
    }
    return (float) value;
  }

  /** Gives the model's memory back. */
  @Override
  public void close() {
    synchronized (lock) {
      directory.close();
      backend.close();
    }
  }
}
