package io.kanana.pretrain.reshape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kanana.core.autograd.Tape;
import io.kanana.core.checkpoint.SafetensorsFile;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.Tensor;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.train.ParentModel;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ReshapedModelTest {
  private static final int TIME = 9;

  @TempDir Path directory;

  private ParentModel parent(boolean tied) {
    return SmallModels.write(
        directory.resolve("parent-" + tied), SmallModels.grouped(tied), StoredType.F32);
  }

  private static double[] logits(ParentModel parent, ReshapePlan plan, TensorBackend backend) {
    int[] ids = Arrays.stream(SmallModels.rows(2, TIME)).flatMapToInt(Arrays::stream).toArray();
    try (Llama model = ReshapedModel.of(parent, plan).load(backend, Precision.F32);
        Scope scope = backend.scope("test")) {
      Tape tape = Tape.forwardOnly(backend.kernels(), scope);
      TokenInput input = TokenInput.whole(backend, scope, 2, TIME, ids);
      Tensor hidden = model.hidden(tape, input, false).value();
      return backend.doubles(model.logits(tape, hidden));
    }
  }

  private static void assertClose(double[] actual, double[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(tolerance));
    }
  }

  /** All units, in another order in each layer; heads within their groups, groups as wholes. */
  private static ReshapePlan shuffled(ModelConfig shape) {
    List<LayerOrigin> layers =
        List.of(
            layer(0, "2, 0, 1, 5, 4, 3", "0-1", "27, 0-26"),
            layer(1, "4, 3, 5, 1, 2, 0", "1, 0", "14-27, 0-13"),
            layer(2, "0-5", "0-1", "1, 0, 3, 2, 4-27"));
    return new ReshapePlan(Indices.parse("7-19, 3, 1, 2, 0, 4-6"), layers, shape.tiedEmbeddings());
  }

  private static LayerOrigin layer(int source, String heads, String kvHeads, String neurons) {
    return new LayerOrigin(
        source,
        Indices.parse(heads),
        Indices.parse(kvHeads),
        Indices.parse(neurons),
        List.of(),
        false);
  }

  @TestFactory
  Stream<DynamicTest> sortingUnitsLeavesLogitsAsTheyAre() {
    return GoldenPruning.onEveryBackEnd(
        backend -> {
          for (boolean tied : new boolean[] {true, false}) {
            try (ParentModel parent = parent(tied)) {
              double[] before = logits(parent, ReshapePlan.none(parent.shape()), backend);
              double[] after = logits(parent, shuffled(parent.shape()), backend);
              assertThat(after).isNotEqualTo(new double[after.length]);
              assertClose(after, before, GoldenPruning.tolerance(backend));
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> silentCopiesChangeNoBitOfTheLogits() {
    return GoldenPruning.onEveryBackEnd(
        backend -> {
          try (ParentModel parent = parent(true)) {
            ModelConfig shape = parent.shape();
            ReshapePlan deeper = ReshapePlan.ofLayers(shape, Indices.of(0, 1, 0, 2, 1));
            List<LayerOrigin> layers = deeper.layers();
            ReshapePlan silent =
                deeper.withLayers(
                    List.of(
                        layers.get(0),
                        layers.get(1),
                        layers.get(2).silenced(),
                        layers.get(3),
                        layers.get(4).silenced()));
            double[] before = logits(parent, ReshapePlan.none(shape), backend);
            assertThat(logits(parent, silent, backend)).isEqualTo(before);
            assertThat(logits(parent, deeper, backend)).isNotEqualTo(before);
          }
        });
  }

  /** A group's keys, values and heads contribute nothing once its columns of o_proj are zero. */
  @Test
  void leavingAKvHeadOutIsZeroingWhatItsHeadsWrite() throws IOException {
    try (TensorBackend backend = new ReferenceBackend();
        ParentModel parent = parent(true)) {
      List<LayerOrigin> layers =
          IntStream.range(0, 3).mapToObj(i -> layer(i, "3-5", "1", "0-27")).toList();
      ReshapePlan pruned = ReshapePlan.none(parent.shape()).withLayers(layers);
      assertThat(ReshapedModel.of(parent, pruned).shape().kvHeads()).isOne();
      try (ParentModel zeroed = withoutHeads(parent, 3 * 8)) {
        double[] expected = logits(zeroed, ReshapePlan.none(zeroed.shape()), backend);
        assertClose(logits(parent, pruned, backend), expected, 1e-9);
      }
    }
  }

  /** The parent with the first columns of every output projection zero. */
  private ParentModel withoutHeads(ParentModel parent, int columns) throws IOException {
    Path copy = directory.resolve("zeroed");
    SmallModels.write(copy, parent.shape(), StoredType.F32).close();
    List<TensorContent> weights =
        ReshapedModel.of(parent, ReshapePlan.none(parent.shape())).weights(StoredType.F32).stream()
            .map(weight -> zeroed(weight, columns))
            .toList();
    Files.delete(copy.resolve("manifest.json"));
    try (FileChannel out =
        FileChannel.open(
            copy.resolve("model.safetensors"),
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      SafetensorsWriter.write(weights, SafetensorsWriter.PYTORCH, out);
    }
    return ParentModel.open(copy);
  }

  private static TensorContent zeroed(TensorContent weight, int columns) {
    if (!weight.spec().name().endsWith("o_proj.weight")) {
      return weight;
    }
    float[] values = floats(weight);
    int width = weight.spec().shape().get(1).intValue();
    for (int i = 0; i < values.length; i++) {
      values[i] = i % width < columns ? 0 : values[i];
    }
    return TensorContent.of(weight.spec(), () -> values);
  }

  private static float[] floats(TensorContent weight) {
    return weight.data().get().toArray(ValueLayout.JAVA_FLOAT);
  }

  @Test
  void aHeadTakesUpTheQueryWeightsOfOneThatGoes() {
    try (ParentModel parent = parent(true)) {
      LayerOrigin plain = layer(1, "0-1, 3-4", "0-1", "0-27");
      LayerOrigin taking =
          new LayerOrigin(
              1,
              plain.heads(),
              plain.kvHeads(),
              plain.neurons(),
              List.of(new HeadResidual(4, 5)),
              false);
      ReshapePlan none = ReshapePlan.none(parent.shape());
      Map<String, float[]> before = weights(parent, none.withLayers(List.of(plain)));
      Map<String, float[]> after = weights(parent, none.withLayers(List.of(taking)));
      String query = "model.layers.0.self_attn.q_proj.weight";
      float[] whole = parent.stored().weight("model.layers.1.self_attn.q_proj.weight").floats();
      int head = 8 * 20;
      for (int i = 0; i < 4 * head; i++) {
        float kept = before.get(query)[i];
        float expected = i < 3 * head ? kept : 2 * kept - whole[5 * head + i - 3 * head];
        assertThat(after.get(query)[i]).isEqualTo(expected);
      }
      before.remove(query);
      after.remove(query);
      assertThat(after)
          .allSatisfy((name, values) -> assertThat(values).isEqualTo(before.get(name)));
    }
  }

  private static Map<String, float[]> weights(ParentModel parent, ReshapePlan plan) {
    Map<String, float[]> weights = new TreeMap<>();
    ReshapedModel.of(parent, plan)
        .weights(StoredType.F32)
        .forEach(w -> weights.put(w.spec().name(), floats(w)));
    return weights;
  }

  @Test
  void momentsGoWhereTheirWeightsGo() throws IOException {
    try (ParentModel parent = parent(true)) {
      ReshapePlan deeper = ReshapePlan.ofLayers(parent.shape(), Indices.of(0, 1, 1, 2));
      ReshapePlan plan =
          deeper.withLayers(
              List.of(
                  deeper.layers().get(0),
                  deeper.layers().get(1),
                  deeper.layers().get(2).silenced(),
                  deeper.layers().get(3)));
      try (SafetensorsFile moments = moments(parent)) {
        Map<String, float[]> expected = weights(parent, plan);
        List<TensorContent> made = ReshapedModel.of(parent, plan).moments(moments);
        assertThat(made).hasSize(2 * expected.size());
        for (TensorContent moment : made) {
          String name = moment.spec().name();
          float factor = name.startsWith("moment1.") ? 2 : 3;
          float[] weight = expected.get(name.substring("moment1.".length())).clone();
          for (int i = 0; i < weight.length; i++) {
            weight[i] *= factor;
          }
          assertThat(floats(moment)).as(name).isEqualTo(weight);
        }
      }
    }
  }

  /** What an optimizer keeps that is not of a weight cannot follow one. */
  @Test
  void otherMemoryOfAnOptimizerIsRefused() throws IOException {
    try (ParentModel parent = parent(true)) {
      TensorSpec spec = TensorSpec.of("momentum", StoredType.F32, 1);
      Path file = directory.resolve("other.safetensors");
      try (FileChannel out =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        SafetensorsWriter.write(List.of(TensorContent.of(spec, () -> new float[1])), Map.of(), out);
      }
      try (SafetensorsFile other = SafetensorsFile.open(file)) {
        ReshapedModel model = ReshapedModel.of(parent, ReshapePlan.none(parent.shape()));
        assertThatThrownBy(() -> model.moments(other))
            .isInstanceOf(CheckpointException.class)
            .hasMessageStartingWith("the optimizer's tensor momentum belongs to no weight");
      }
    }
  }

  /** First moments that are twice the weights, and second ones that are three times them. */
  private SafetensorsFile moments(ParentModel parent) throws IOException {
    Map<String, float[]> weights = weights(parent, ReshapePlan.none(parent.shape()));
    List<TensorContent> tensors = new ArrayList<>();
    for (TensorContent weight :
        ReshapedModel.of(parent, ReshapePlan.none(parent.shape())).weights(StoredType.F32)) {
      for (int factor = 2; factor <= 3; factor++) {
        float[] values = weights.get(weight.spec().name()).clone();
        for (int i = 0; i < values.length; i++) {
          values[i] *= factor;
        }
        String name = (factor == 2 ? "moment1." : "moment2.") + weight.spec().name();
        long[] shape = weight.spec().shape().stream().mapToLong(Long::longValue).toArray();
        tensors.add(TensorContent.of(TensorSpec.of(name, StoredType.F32, shape), () -> values));
      }
    }
    Path file = directory.resolve("moments.safetensors");
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      SafetensorsWriter.write(tensors, Map.of(), out);
    }
    return SafetensorsFile.open(file);
  }
}
