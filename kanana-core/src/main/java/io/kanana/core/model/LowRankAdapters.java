package io.kanana.core.model;

import io.kanana.core.autograd.LowRank;
import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Additions of low rank to the matrices of a frozen model (LoRA; Hu et al., arXiv 2106.09685),
 * which are all of it that is trained: {@link Llama#adapt} makes them, and the model owns them.
 * Products go through both, whether whole sequences, cached ones or recomputed layers.
 *
 * <p>Of each adapted weight {@code NAME.weight}, [out, in], A is {@code NAME.lora_A.weight}, [r,
 * in], and B is {@code NAME.lora_B.weight}, [out, r]. There is no dropout on x before A, which the
 * paper has none of either; weight decay applies to both. Not safe for use by several threads.
 */
public final class LowRankAdapters {
  private static final String WEIGHT = ".weight";
  private static final String DOWN = ".lora_A.weight";
  private static final String UP = ".lora_B.weight";

  private record Adapted(Parameter base, LowRank added) {}

  private final AdapterShape shape;
  private final TensorBackend backend;
  private final Precision precision;
  private final boolean trained;
  private final Scope scope;
  private final List<Adapted> adapted = new ArrayList<>();

  private LowRankAdapters(
      AdapterShape shape,
      TensorBackend backend,
      Precision precision,
      boolean trained,
      Scope scope) {
    this.shape = shape;
    this.backend = backend;
    this.precision = precision;
    this.trained = trained;
    this.scope = scope;
  }

  /** Makes those of a model's weights, of zeros. */
  static LowRankAdapters of(
      List<Parameter> weights,
      AdapterShape shape,
      TensorBackend backend,
      Precision precision,
      boolean trained) {
    Scope scope = backend.scope("adapters");
    try {
      LowRankAdapters adapters = new LowRankAdapters(shape, backend, precision, trained, scope);
      weights.forEach(adapters::adapt);
      return adapters;
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  private void adapt(Parameter base) {
    List<Part> parts = base.parts().stream().filter(part -> shape.adapts(part.name())).toList();
    if (parts.isEmpty()) {
      return;
    }
    List<Part> down = new ArrayList<>();
    List<Part> up = new ArrayList<>();
    for (Part part : parts) {
      down.add(behind(down, down(part.name()), shape.rank()));
      up.add(behind(up, up(part.name()), part.to() - part.from()));
    }
    Parameter a = parameter(down, base.value().dim(1), precision.operands());
    Parameter b = parameter(up, shape.rank(), DType.F32);
    adapted.add(new Adapted(base, new LowRank(base, parts, a, b, identity(a.value().dim(0)))));
  }

  private static Part behind(List<Part> before, String name, int rows) {
    int from = before.isEmpty() ? 0 : before.getLast().to();
    return new Part(name, from, from + rows);
  }

  private Parameter parameter(List<Part> parts, int columns, DType operands) {
    Tensor value = scope.zeros(backend.kernels(), DType.F32, parts.getLast().to(), columns);
    Tensor gradient = trained ? scope.zeros(backend.kernels(), DType.F32, value.shape()) : null;
    boolean rounded = operands != DType.F32;
    Tensor compute = rounded ? scope.zeros(backend.kernels(), operands, value.shape()) : value;
    return new Parameter(parts, true, value, gradient, compute);
  }

  /** The scale on the diagonal. */
  private Tensor identity(int size) {
    double[] values = new double[size * size];
    for (int i = 0; i < size; i++) {
      values[i * size + i] = shape.scale();
    }
    Tensor identity = scope.allocate(DType.F32, size, size);
    backend.write(values, identity);
    return identity;
  }

  /** What the A of a published weight is called. */
  public static String down(String weight) {
    return weight.substring(0, weight.length() - WEIGHT.length()) + DOWN;
  }

  /** What the B of a published weight is called. */
  public static String up(String weight) {
    return weight.substring(0, weight.length() - WEIGHT.length()) + UP;
  }

  public AdapterShape shape() {
    return shape;
  }

  /** A and B of each adapted matrix, in the order of the model's. */
  public List<Parameter> parameters() {
    return adapted.stream().flatMap(pair -> Stream.of(pair.added.down(), pair.added.up())).toList();
  }

  /**
   * Draws A and sets B to zero, so that the model is as it was: A is uniform in ±1 / sqrt(in), as
   * PEFT draws it (the paper: normal, of a deviation it does not state). Each A has a key of its
   * own, so its values do not depend on what else is adapted.
   */
  public void initialise(RandomKey key) {
    for (Adapted pair : adapted) {
      Parameter down = pair.added.down();
      for (Part part : down.parts()) {
        Tensor view = down.view(part, down.value());
        backend.write(uniform(key.child(part.name()), view), view);
      }
      backend.kernels().fill(pair.added.up().value(), 0);
    }
    refreshCopies();
  }

  private static float[] uniform(RandomKey key, Tensor shape) {
    double bound = 1 / Math.sqrt(shape.dim(1));
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * key.uniform(i) - 1));
    }
    return values;
  }

  /** Rounds the values to the form that products read. */
  void refreshCopies() {
    parameters().stream()
        .filter(parameter -> parameter.computeCopy() != null)
        .forEach(p -> backend.kernels().copy(p.value(), p.computeCopy()));
  }

  /**
   * Lets the model compute with its adapters, as it does at first, or as if it had none: the model
   * that they were made for, such as the reference of a preference loss, without its memory. On a
   * tape, both passes of a product must be run with the same.
   */
  public void enable(boolean added) {
    adapted.forEach(pair -> pair.base.addition(added ? pair.added : null));
  }

  /** Adds scale * B A to the weights. */
  void merge() {
    try (Scope step = backend.scope("merge")) {
      adapted.forEach(pair -> pair.added.merge(backend.kernels(), step));
    }
  }

  void close() {
    enable(false);
    scope.close();
  }
}
