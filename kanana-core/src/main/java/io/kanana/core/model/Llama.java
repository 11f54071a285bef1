package io.kanana.core.model;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.error.BackendException;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A decoder of the Llama family: token embedding, pre-norm layers of rotary grouped-query attention
 * and SwiGLU, a final norm and a linear head, which may be the embedding itself.
 *
 * <p>It owns its weights, and those of its adapters, until it is closed. Not safe for use by
 * several threads.
 */
public final class Llama implements AutoCloseable {
  private final ModelConfig config;
  private final ModelHead kind;
  private final Precision precision;
  private final TensorBackend backend;
  private final Scope scope;
  private final List<Parameter> weights;
  private final Parameter embedding;
  private final List<DecoderLayer> layers = new ArrayList<>();
  private final Parameter finalNorm;
  private final Parameter head;
  private final RopeTable ropeTable;
  private LowRankAdapters adapters;

  private Llama(
      ModelConfig config,
      ModelHead kind,
      Precision precision,
      TensorBackend backend,
      Scope scope,
      boolean trained) {
    this.config = config;
    this.kind = kind;
    this.precision = precision;
    this.backend = backend;
    this.scope = scope;
    Weights made = new Weights(scope, backend.kernels(), precision, trained);
    int vocabulary = config.vocabularySize();
    int hidden = config.hiddenSize();
    List<Part> table = List.of(new Part("model.embed_tokens.weight", 0, vocabulary));
    embedding = made.matrix(false, table, hidden);
    for (int i = 0; i < config.layers(); i++) {
      layers.add(new DecoderLayer(config, precision, made, i));
    }
    finalNorm = made.norm("model.norm.weight", hidden);
    head = head(made);
    weights = List.copyOf(made.parameters());
    ropeTable = new RopeTable(config, backend, scope);
  }

  private Parameter head(Weights made) {
    int hidden = config.hiddenSize();
    if (kind == ModelHead.SCORE) {
      return made.exact(true, List.of(new Part("score.weight", 0, 1)), hidden);
    }
    List<Part> rows = List.of(new Part("lm_head.weight", 0, config.vocabularySize()));
    return config.tiedEmbeddings() ? embedding : made.matrix(true, rows, hidden);
  }

  /**
   * A model to be trained: its weights are undefined until initialised or loaded, its gradients
   * zero.
   */
  public static Llama trainable(ModelConfig config, Precision precision, TensorBackend backend) {
    return make(config, ModelHead.TOKENS, precision, backend, true);
  }

  /** A model without gradients, to be loaded: for evaluation, generation, or as a teacher. */
  public static Llama frozen(ModelConfig config, Precision precision, TensorBackend backend) {
    return make(config, ModelHead.TOKENS, precision, backend, false);
  }

  /**
   * A reward model: {@link ModelHead#SCORE}.
   *
   * @param trained whether it has gradients
   */
  public static Llama scoring(
      ModelConfig config, Precision precision, TensorBackend backend, boolean trained) {
    return make(config, ModelHead.SCORE, precision, backend, trained);
  }

  private static Llama make(
      ModelConfig config,
      ModelHead kind,
      Precision precision,
      TensorBackend backend,
      boolean trained) {
    Scope scope = backend.scope("model");
    try {
      return new Llama(config, kind, precision, backend, scope, trained);
    } catch (RuntimeException | Error e) {
      close(scope, backend);
      throw e;
    }
  }

  /** Models differ in size, so what one held is of no use to the next. */
  private static void close(Scope scope, TensorBackend backend) {
    scope.close();
    backend.pool().trim();
  }

  public ModelConfig config() {
    return config;
  }

  /** What it makes of its hidden states. */
  public ModelHead kind() {
    return kind;
  }

  public Precision precision() {
    return precision;
  }

  public TensorBackend backend() {
    return backend;
  }

  /**
   * Every parameter once: the {@link #weights}, then those of the adapters. Which of them are
   * trained, each says.
   */
  public List<Parameter> parameters() {
    return adapters == null
        ? weights
        : Stream.concat(weights.stream(), adapters.parameters().stream()).toList();
  }

  /**
   * The published weights, without adapters: embedding, layers in order, final norm, head where it
   * is not tied.
   */
  public List<Parameter> weights() {
    return weights;
  }

  /**
   * Gives a frozen model adapters of zeros, which are to be initialised or loaded.
   *
   * @param trained whether they have gradients
   */
  public LowRankAdapters adapt(AdapterShape shape, boolean trained) {
    if (adapters != null || weights.getFirst().trained()) {
      throw new IllegalStateException("only a frozen model without adapters can be given some");
    }
    adapters = LowRankAdapters.of(weights, shape, backend, precision, trained);
    adapters.enable(true);
    return adapters;
  }

  /** What {@link #adapt} gave it. */
  public Optional<LowRankAdapters> adapters() {
    return Optional.ofNullable(adapters);
  }

  /**
   * Adds what the adapters compute to the weights, and gives the adapters up: the same model within
   * rounding, of the shape it had without them.
   */
  public void mergeAdapters() {
    if (adapters == null) {
      throw new IllegalStateException("there are no adapters to merge");
    }
    adapters.merge();
    adapters.close();
    adapters = null;
    refreshCopies();
  }

  /**
   * The matrix [V, C] that turns hidden states into logits; the embedding itself where they are
   * tied. A reward model has none.
   */
  public Parameter head() {
    if (kind != ModelHead.TOKENS) {
      throw new IllegalStateException("a reward model has no logits");
    }
    return head;
  }

  /** The row [1, C] that turns a hidden state into a score; a language model has none. */
  public Parameter scoreHead() {
    if (kind != ModelHead.SCORE) {
      throw new IllegalStateException("a language model has no scores");
    }
    return head;
  }

  /**
   * Draws new weights: norms are one; matrices are normal with standard deviation {@code std},
   * those that write to the residual stream with {@code std / sqrt(2 * layers)} (Radford et al.,
   * 2019, section 2.3). Each published weight has a key of its own, so its values do not depend on
   * the others.
   */
  public void initialise(RandomKey key, double std) {
    for (Parameter parameter : weights) {
      for (Part part : parameter.parts()) {
        Tensor view = parameter.view(part, parameter.value());
        if (view.rank() == 1) {
          backend.kernels().fill(view, 1);
        } else {
          backend.write(normal(key.child(part.name()), view, scaled(part, std)), view);
        }
      }
    }
    refreshCopies();
  }

  private double scaled(Part part, double std) {
    boolean residual =
        part.name().endsWith("o_proj.weight") || part.name().endsWith("down_proj.weight");
    return residual ? std / Math.sqrt(2.0 * config.layers()) : std;
  }

  private static float[] normal(RandomKey key, Tensor shape, double std) {
    float[] values = new float[Math.toIntExact(shape.size())];
    key.fillGaussian(values, 0, std);
    return values;
  }

  /**
   * Rounds the values to the form that products read, after they were written by anything but the
   * optimizer.
   */
  public void refreshCopies() {
    for (Parameter parameter : parameters()) {
      if (parameter.computeCopy() != null) {
        backend.kernels().copy(parameter.value(), parameter.computeCopy());
      }
    }
  }

  /** Sets all gradients to zero. */
  public void clearGradients() {
    parameters().stream()
        .filter(Parameter::trained)
        .forEach(parameter -> backend.kernels().fill(parameter.gradient(), 0));
  }

  /**
   * The last hidden states, normalised: [N, C]. With {@code recompute} layers keep nothing for the
   * backward pass.
   */
  public Variable hidden(Tape tape, TokenInput input, boolean recompute) {
    return hidden(tape, input, recompute, LayerObserver.NONE);
  }

  /** The same, with every layer keeping what it computes, and an observer looking on. */
  public Variable hidden(Tape tape, TokenInput input, LayerObserver observer) {
    return hidden(tape, input, false, observer);
  }

  private Variable hidden(Tape tape, TokenInput input, boolean recompute, LayerObserver observer) {
    return finalNorm(tape, stream(tape, input, recompute, observer));
  }

  /**
   * The scores of texts: [n, 1], the head's product with the normalised hidden state of each text's
   * last token. Both are computed in F32 whatever the precision, since a score is a difference of
   * large numbers and n is small.
   *
   * @param lasts I32 [n]: where the texts' last tokens stand among all N
   */
  public Variable scores(Tape tape, TokenInput input, Tensor lasts, boolean recompute) {
    Variable x = stream(tape, input, recompute, LayerObserver.NONE);
    Variable rows = tape.rows(x, lasts);
    Variable hidden = tape.rmsNorm(rows, finalNorm, config.normEpsilon(), DType.F32);
    return tape.linear(hidden, scoreHead());
  }

  /** The residual stream behind the last layer: [N, C]. */
  private Variable stream(Tape tape, TokenInput input, boolean recompute, LayerObserver observer) {
    return streams(tape, input, recompute, observer).getLast();
  }

  /** The residual stream after the embedding and after each layer: layers + 1 of [N, C]. */
  private List<Variable> streams(
      Tape tape, TokenInput input, boolean recompute, LayerObserver observer) {
    checkTime(input.longest());
    Tensor turns = ropeTable.upTo(input.longest());
    List<Variable> streams = new ArrayList<>();
    streams.add(embedded(tape, input));
    for (DecoderLayer layer : layers) {
      Variable x = streams.getLast();
      streams.add(
          tape.block((t, in) -> layer.forward(t, in, input, turns, observer), x, recompute));
    }
    return streams;
  }

  private Variable embedded(Tape tape, TokenInput input) {
    Variable x = tape.embedding(embedding, input.tokens());
    input.noise().ifPresent(noise -> tape.kernels().add(noise, x.value()));
    return x;
  }

  /**
   * The residual stream after the embedding and after each layer, then the normalised last one:
   * layers + 2 of [N, C]. With {@code recompute} layers keep nothing else for the backward pass.
   */
  public List<Variable> hiddenStates(Tape tape, TokenInput input, boolean recompute) {
    List<Variable> states = streams(tape, input, recompute, LayerObserver.NONE);
    states.add(finalNorm(tape, states.getLast()));
    return states;
  }

  private Variable finalNorm(Tape tape, Variable x) {
    return tape.rmsNorm(x, finalNorm, config.normEpsilon(), precision.operands());
  }

  /**
   * The last hidden states of new positions, which are appended to the cache: [N, C] in rows b * T
   * + t. The cache's lengths are left to the caller, since rows may be padded behind.
   *
   * @param tokens [B, T]
   */
  public Variable hidden(Tape tape, KvCache cache, int[] tokens) {
    Tensor turns = ropeTable.upTo(longest(cache, tokens.length / cache.batch()));
    CachedStep step = cachedStep(tape.scope(), cache, tokens);
    Variable x = tape.embedding(embedding, step.tokens());
    for (DecoderLayer layer : layers) {
      x = tape.block((t, in) -> layer.forward(t, in, step, turns), x, false);
    }
    return finalNorm(tape, x);
  }

  /** The most positions of a sequence once {@code time} are appended to each. */
  private int longest(KvCache cache, int time) {
    int longest = Arrays.stream(cache.lengths()).max().orElse(0) + time;
    checkTime(longest);
    if (longest > cache.capacity()) {
      throw new BackendException(
          longest + " positions do not fit a cache of " + cache.capacity() + " positions");
    }
    return longest;
  }

  private CachedStep cachedStep(Scope step, KvCache cache, int[] tokens) {
    int time = tokens.length / cache.batch();
    int[] positions = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      positions[i] = cache.length(i / time) + i % time;
    }
    return new CachedStep(
        cache, time, ints(step, tokens), ints(step, positions), ints(step, cache.lengths()));
  }

  private Tensor ints(Scope owner, int[] values) {
    Tensor tensor = owner.allocate(DType.I32, values.length);
    backend.write(values, tensor);
    return tensor;
  }

  private void checkTime(int time) {
    if (time > config.contextLength()) {
      throw new BackendException(
          time + " positions, but the context of the model is " + config.contextLength());
    }
  }

  /** The logits of some rows: [n, V] for [n, C]. Meant for few rows: a loss never needs them. */
  public Tensor logits(Tape tape, Tensor hidden) {
    Kernels kernels = backend.kernels();
    Tensor logits = tape.scope().allocate(DType.F32, hidden.dim(0), config.vocabularySize());
    kernels.matmul(hidden, false, head().compute(), true, logits, false);
    return logits;
  }

  @Override
  public void close() {
    adapters().ifPresent(LowRankAdapters::close);
    adapters = null;
    close(scope, backend);
  }
}
