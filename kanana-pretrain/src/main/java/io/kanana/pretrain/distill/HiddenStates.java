package io.kanana.pretrain.distill;

import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.autograd.Tape;
import io.kanana.core.autograd.Variable;
import io.kanana.core.config.Check;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How far the residual streams of a student are from those of its teacher: the mean over pairs of
 * layers and over targets of |P s - t|^2 / Ct, where s and t are the streams behind a layer of the
 * student and of the teacher, [Cs] and [Ct], and P is a projection [Ct, Cs] of the pair, learned
 * with the student and no part of it. FitNets (Romero et al., arXiv 1412.6550, equation 3) has half
 * the sum over channels, of one pair. Minitron (arXiv 2407.14679, section 3) finds it of use where
 * many layers are gone, and the logits alone better otherwise.
 *
 * <p>It owns the projections until it is closed. Not safe for use by several threads.
 */
public final class HiddenStates implements AutoCloseable {
  /**
   * @param weight of the distance in the loss
   * @param layers whose streams are compared
   */
  public record Config(double weight, List<Pair> layers) {
    public Config {
      layers = List.copyOf(layers);
      Check.that(
          weight > 0 && weight < Double.POSITIVE_INFINITY, "weight", "must be > 0, got %s", weight);
      Check.that(!layers.isEmpty(), "layers", "must name at least one pair");
      Check.that(
          Set.copyOf(layers).size() == layers.size(),
          "layers",
          "must be different pairs, got %s",
          layers);
    }

    /**
     * Checks that the layers are there.
     *
     * @throws io.kanana.core.error.ConfigException naming the first that is not
     */
    void check(ModelConfig student, ModelConfig teacher) {
      for (int i = 0; i < layers.size(); i++) {
        String key = "loss.hidden-states.layers[" + i + "].";
        check(key + "student", layers.get(i).student, student);
        check(key + "teacher", layers.get(i).teacher, teacher);
      }
    }

    private static void check(String key, int layer, ModelConfig model) {
      Check.that(
          layer >= 0 && layer < model.layers(),
          key,
          "must be one of the layers 0-%s, got %s",
          model.layers() - 1,
          layer);
    }
  }

  /**
   * @param student a layer of the student, from 0
   * @param teacher the layer of the teacher that it is to be like
   */
  public record Pair(int student, int teacher) {}

  private final Config config;
  private final TensorBackend backend;
  private final Scope scope;
  private final List<Parameter> projections = new ArrayList<>();

  /**
   * Draws projections: the identity where both streams are as wide, else normal with standard
   * deviation 1 / sqrt(Cs).
   */
  public HiddenStates(
      Config config,
      ModelConfig student,
      ModelConfig teacher,
      TensorBackend backend,
      RandomKey key) {
    config.check(student, teacher);
    this.config = config;
    this.backend = backend;
    this.scope = backend.scope("projections");
    try {
      for (Pair pair : config.layers) {
        projections.add(projection(pair, teacher.hiddenSize(), student.hiddenSize(), key));
      }
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  /** By the layers' numbers, so that a resumed run does not take one pair's for another's. */
  private static String name(Pair pair) {
    return TrainingObjective.OWN + "projections." + pair.student + "-" + pair.teacher + ".weight";
  }

  private Parameter projection(Pair pair, int rows, int columns, RandomKey key) {
    String name = name(pair);
    Tensor value = scope.allocate(DType.F32, rows, columns);
    backend.write(drawn(value, key.child(name)), value);
    Tensor gradient = scope.zeros(backend.kernels(), DType.F32, rows, columns);
    return new Parameter(List.of(new Part(name, 0, rows)), true, value, gradient, value);
  }

  private static float[] drawn(Tensor projection, RandomKey key) {
    int rows = projection.dim(0);
    int columns = projection.dim(1);
    float[] values = new float[rows * columns];
    if (rows == columns) {
      IntStream.range(0, rows).forEach(i -> values[i * columns + i] = 1);
    } else {
      key.fillGaussian(values, 0, 1 / Math.sqrt(columns));
    }
    return values;
  }

  public Config config() {
    return config;
  }

  /** The layers of the teacher whose streams are wanted. */
  public Set<Integer> ofTeacher() {
    return config.layers.stream().map(Pair::teacher).collect(Collectors.toSet());
  }

  /** The projections, in the order of the pairs. */
  public List<Parameter> parameters() {
    return List.copyOf(projections);
  }

  /** Operations of a step for one token in the projections, forward and backward. */
  double flopsPerToken() {
    return 6.0 * projections.stream().mapToLong(projection -> projection.value().size()).sum();
  }

  /**
   * Records the distance, with its weight, on the tape.
   *
   * @param student as {@link io.kanana.core.model.Llama#hiddenStates} gives them
   * @param teacher the streams, [N, Ct], by layer
   * @param batch whose positions with a target count
   * @param scale one over the number of targets of the whole step
   * @param sum F64 [1]; the distance, times the number of targets, is added to it
   */
  void lose(
      Tape tape,
      List<Variable> student,
      Map<Integer, Tensor> teacher,
      TokenBatch batch,
      double scale,
      Tensor sum) {
    int[] targets =
        IntStream.range(0, batch.targets().length)
            .filter(i -> batch.targets()[i] != TokenBatch.IGNORE)
            .toArray();
    if (targets.length == 0) {
      return;
    }
    Tensor rows = tape.scope().allocate(DType.I32, targets.length);
    backend.write(targets, rows);
    for (int i = 0; i < projections.size(); i++) {
      Pair pair = config.layers.get(i);
      Variable stream = tape.rows(student.get(pair.student + 1), rows);
      Variable projected = tape.linear(stream, projections.get(i));
      Tensor wanted = teacher.get(pair.teacher);
      if (wanted == null) {
        throw new IllegalStateException("the teacher did not keep the stream of " + pair);
      }
      lose(tape, projected, wanted, rows, scale, sum);
    }
  }

  private void lose(
      Tape tape, Variable projected, Tensor teacher, Tensor rows, double scale, Tensor sum) {
    Kernels kernels = tape.kernels();
    int width = teacher.dim(1);
    double root = 1 / Math.sqrt((double) width * projections.size());
    Tensor difference = tape.scope().allocate(DType.F32, rows.dim(0), width);
    kernels.gatherRows(teacher, rows, difference);
    kernels.scale(difference, -1);
    kernels.add(projected.value(), difference);
    kernels.scale(difference, root);
    kernels.sumOfSquares(difference, sum);
    kernels.scale(difference, 2 * root * scale * config.weight);
    tape.seed(projected, difference);
  }

  @Override
  public void close() {
    scope.close();
  }
}
