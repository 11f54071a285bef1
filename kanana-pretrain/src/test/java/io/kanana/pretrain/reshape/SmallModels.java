package io.kanana.pretrain.reshape;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.train.ParentModel;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** Random models of a few thousand weights on disk. */
public final class SmallModels {
  /** Tokens that they know. */
  public static final int VOCABULARY = 40;

  private SmallModels() {}

  /** Heads that are wider together than the stream, and two kv heads. */
  public static ModelConfig grouped(boolean tied) {
    return shape(3, 20, 6, 2, 8, 28, tied);
  }

  /** A shape with this vocabulary. */
  public static ModelConfig shape(
      int layers, int hidden, int heads, int kvHeads, int headDim, int ffn, boolean tied) {
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    return new ModelConfig(
        layers, hidden, heads, kvHeads, headDim, ffn, VOCABULARY, 32, 1e-5, rope, tied);
  }

  /** Writes a model whose logits are of the size of one, norms included. */
  public static ParentModel write(Path directory, ModelConfig shape, StoredType type) {
    try (TensorBackend backend = new ReferenceBackend();
        Llama model = Llama.frozen(shape, Precision.F32, backend);
        ArtefactWriter artefact =
            ArtefactWriter.create(directory, ModelDirectory.KIND, List.of())) {
      model.initialise(RandomKey.of(5), 0.2);
      varyNorms(model);
      List<TensorContent> weights =
          ModelWeights.of(model).stream().map(weight -> weight.as(type)).toList();
      HuggingFaceConfig config =
          new HuggingFaceConfig(shape, type, SpecialTokens.NONE, OptionalDouble.empty());
      HuggingFaceModel.write(artefact, config, weights, Long.MAX_VALUE);
      artefact.commit();
    }
    return ParentModel.open(directory);
  }

  /** Norms of one would hide an index that went wrong. */
  private static void varyNorms(Llama model) {
    RandomKey key = RandomKey.of(6);
    model.parameters().stream()
        .filter(parameter -> parameter.value().rank() == 1)
        .forEach(
            norm -> {
              float[] values = new float[(int) norm.value().size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) (0.5 + key.child(norm.name()).uniform(i));
              }
              model.backend().write(values, norm.value());
            });
  }

  /** Rows of random ids. */
  public static int[][] rows(int count, int length) {
    int[][] rows = new int[count][length];
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < length; i++) {
        rows[row][i] = RandomKey.of(8).child(row).below(i, VOCABULARY);
      }
    }
    return rows;
  }
}
