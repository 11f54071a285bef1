package io.kanana.pretrain.reshape;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.checkpoint.LlamaWeights;
import io.kanana.core.checkpoint.StoredTensor;
import io.kanana.core.checkpoint.StoredTensors;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Axis;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.WeightAxes;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.TrainingObjective;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A stored model seen through a {@link ReshapePlan}: a pure function of both. Each weight is made
 * when it is asked for, so the memory of one is enough whatever the size of the model. The stored
 * tensors stay the caller's and must be open meanwhile.
 */
public final class ReshapedModel {
  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String HEAD = "lm_head.weight";

  private static final int[] THE_ONLY = {0};

  /** Rows that are converted at once. */
  private static final int MOST_ROWS = 256;

  private final StoredTensors stored;
  private final ModelConfig old;
  private final ReshapePlan change;
  private final ModelConfig shape;

  /**
   * @param old the shape of what is stored
   * @throws ConfigException naming everything that does not fit that shape
   */
  public ReshapedModel(StoredTensors stored, ModelConfig old, ReshapePlan change) {
    this.stored = stored;
    this.old = old;
    this.change = change;
    this.shape = change.target(old);
  }

  /** A parent seen through a change of its shape. */
  public static ReshapedModel of(ParentModel parent, ReshapePlan change) {
    return new ReshapedModel(parent.stored().tensors(), parent.shape(), change);
  }

  /** The new shape. */
  public ModelConfig shape() {
    return shape;
  }

  /**
   * The new model's weights.
   *
   * @param type that they are to be stored in
   */
  public List<TensorContent> weights(StoredType type) {
    return WeightAxes.of(shape).map(weight -> content(weight, "", stored).as(type)).toList();
  }

  /**
   * Moments, and whatever else an optimizer keeps for each weight, in the new order. What a silent
   * layer's zeroed matrices had is zero too, since it was gathered for other weights.
   *
   * @param optimizer what the optimizer of the old model kept
   * @throws CheckpointException if it kept something that does not belong to a weight
   */
  public List<TensorContent> moments(StoredTensors optimizer) {
    return prefixes(optimizer).stream()
        .flatMap(prefix -> WeightAxes.of(shape).map(weight -> content(weight, prefix, optimizer)))
        .toList();
  }

  /** What stands before the names of weights in an optimizer's: {@code moment1.} */
  private Set<String> prefixes(StoredTensors optimizer) {
    List<TensorSpec> weights = LlamaWeights.specs(old, StoredType.F32).toList();
    Set<String> prefixes = new TreeSet<>();
    for (String name : optimizer.names()) {
      if (name.contains("." + TrainingObjective.OWN)) {
        continue; // of a weight that the objective had for itself, and left with it
      }
      prefixes.add(
          weights.stream()
              .map(TensorSpec::name)
              .filter(name::endsWith)
              .findFirst()
              .map(weight -> name.substring(0, name.length() - weight.length()))
              .orElseThrow(() -> strange(name)));
    }
    return prefixes;
  }

  private static CheckpointException strange(String name) {
    return new CheckpointException(
        "the optimizer's tensor "
            + name
            + " belongs to no weight, so it cannot follow one; begin with an optimizer without memory");
  }

  /** A model with these weights, to be evaluated; the caller closes it. */
  public Llama load(TensorBackend backend, Precision precision) {
    return filled(Llama.frozen(shape, precision, backend));
  }

  /** The same, to be trained. */
  public Llama loadTrainable(TensorBackend backend, Precision precision) {
    return filled(Llama.trainable(shape, precision, backend));
  }

  private Llama filled(Llama model) {
    try {
      Map<String, WeightAxes> weights =
          WeightAxes.of(shape).collect(Collectors.toMap(WeightAxes::name, Function.identity()));
      for (Parameter parameter : model.parameters()) {
        for (Part part : parameter.parts()) {
          float[] values = values(weights.get(part.name()), "", stored);
          model.backend().write(values, parameter.view(part, parameter.value()));
        }
      }
      model.refreshCopies();
      return model;
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  private TensorContent content(WeightAxes weight, String prefix, StoredTensors from) {
    long[] sizes = weight.dimensions().stream().mapToLong(d -> d.size(shape)).toArray();
    TensorSpec spec = TensorSpec.of(prefix + weight.name(), StoredType.F32, sizes);
    return TensorContent.of(spec, () -> values(weight, prefix, from));
  }

  private float[] values(WeightAxes weight, String prefix, StoredTensors from) {
    if (weight.layer().isPresent()) {
      return ofLayer(weight, change.layers().get(weight.layer().getAsInt()), prefix, from);
    }
    float[] values = picked(weight, from.tensor(prefix + weight.name()), this::sharedUnits);
    if (weight.name().equals(EMBEDDING) && shape.tiedEmbeddings() && !old.tiedEmbeddings()) {
      float[] head = picked(weight, from.tensor(prefix + HEAD), this::sharedUnits);
      combine(0.5f, values, 0.5f, head);
    }
    return values;
  }

  private float[] ofLayer(
      WeightAxes weight, LayerOrigin origin, String prefix, StoredTensors from) {
    if (origin.silent() && weight.writesToResidualStream()) {
      return new float[Math.toIntExact(size(weight))];
    }
    StoredTensor source = from.tensor(prefix + weight.nameIn(origin.source()));
    Function<Axis, Indices> units =
        axis -> axis == Axis.CHANNELS ? change.channels() : origin.units(axis);
    float[] values = picked(weight, source, units);
    if (prefix.isEmpty() && weight.dimensions().getFirst().axis() == Axis.HEADS) {
      addResiduals(values, source, origin);
    }
    return values;
  }

  private Indices sharedUnits(Axis axis) {
    return axis == Axis.CHANNELS ? change.channels() : Indices.all(axis.size(old));
  }

  private long size(WeightAxes weight) {
    return weight.dimensions().stream().mapToLong(d -> d.size(shape)).reduce(1, (a, b) -> a * b);
  }

  /** head + (head - pruned), for the rows of each head that takes one up. */
  private void addResiduals(float[] values, StoredTensor source, LayerOrigin origin) {
    int[] columns = change.channels().toArray();
    int headSize = old.headDim() * columns.length;
    for (HeadResidual residual : origin.residuals()) {
      int from = origin.heads().positionOf(residual.kept()) * headSize;
      float[] kept = Arrays.copyOfRange(values, from, from + headSize);
      int[] rows = elements(Indices.of(residual.pruned()), old.headDim());
      combine(2, kept, -1, picked(source, rows, columns));
      System.arraycopy(kept, 0, values, from, headSize);
    }
  }

  /** values = a * values + b * others. */
  private static void combine(float a, float[] values, float b, float[] others) {
    for (int i = 0; i < values.length; i++) {
      values[i] = a * values[i] + b * others[i];
    }
  }

  private static float[] picked(
      WeightAxes weight, StoredTensor source, Function<Axis, Indices> units) {
    List<int[]> elements =
        weight.dimensions().stream().map(d -> elements(units.apply(d.axis()), d.block())).toList();
    return picked(source, elements.getFirst(), elements.size() == 1 ? THE_ONLY : elements.get(1));
  }

  /** Where the elements of units lie. */
  private static int[] elements(Indices units, int block) {
    int[] elements = new int[units.size() * block];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = units.get(i / block) * block + i % block;
    }
    return elements;
  }

  /** Rows and columns of a stored matrix; a vector is one of a single column. */
  private static float[] picked(StoredTensor source, int[] rows, int[] columns) {
    float[] values = new float[Math.multiplyExact(rows.length, columns.length)];
    int done = 0;
    while (done < rows.length) {
      int run = run(rows, done);
      float[] read = source.rows(rows[done], rows[done] + run).floats();
      int stride = read.length / run;
      for (int i = 0; i < run; i++) {
        pick(read, i * stride, columns, values, (done + i) * columns.length);
      }
      done += run;
    }
    return values;
  }

  /** How many rows from this one on lie one after the other. */
  private static int run(int[] rows, int from) {
    int length = 1;
    while (length < MOST_ROWS
        && from + length < rows.length
        && rows[from + length] == rows[from] + length) {
      length++;
    }
    return length;
  }

  private static void pick(float[] read, int from, int[] columns, float[] values, int to) {
    for (int j = 0; j < columns.length; j++) {
      values[to + j] = read[from + columns[j]];
    }
  }
}
