package io.kanana.core.checkpoint;

import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** A random model in a directory such as others write: no manifest, a few hundred tokens. */
public final class TinyCheckpoint {
  /** The most positions of a sequence. */
  public static final int CONTEXT = 96;

  /** Roles and texts on a line each; the model is asked to speak. */
  public static final String CHAT_TEMPLATE =
      """
      {% for m in messages %}<|im_start|>{{ m.role }}
      {{ m.content }}<|im_end|>
      {% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
      {% endif %}""";

  private static final List<String> SPECIALS =
      List.of("<|begin_of_text|>", "<|end_of_text|>", "<|im_start|>", "<|im_end|>");
  private static final List<String> TEXTS =
      List.of(
          "The sea is wide and the sea is deep.",
          "바다는 넓고 바다는 깊다. 아이는 바다를 본다.",
          "A child sees the sea and the child is glad.");

  private TinyCheckpoint() {}

  public static BytePairTokenizer tokenizer() {
    return new BpeTrainer(new BpeTrainer.Config(300, SPECIALS)).train(TEXTS.iterator(), 1);
  }

  public static ModelConfig shape(int vocabulary) {
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    return new ModelConfig(2, 32, 4, 2, 8, 48, vocabulary, CONTEXT, 1e-5, rope, true);
  }

  /** A frozen model of this shape with random weights, large enough that its texts vary. */
  public static Llama model(ModelConfig shape, TensorBackend backend) {
    Llama model = Llama.frozen(shape, Precision.F32, backend);
    model.initialise(RandomKey.of(7), 0.3);
    return model;
  }

  /** Writes model, tokenizer, chat template and the ids that end texts. */
  public static Path write(Path directory) throws IOException {
    BytePairTokenizer tokenizer = tokenizer();
    Tokenizers.save(
        tokenizer,
        TokenizerConfig.of(tokenizer).withChatTemplate(CHAT_TEMPLATE),
        Files.createDirectories(directory));
    SpecialTokens tokens =
        new SpecialTokens(tokenizer.beginOfText(), List.of(1, 3), OptionalInt.empty());
    ModelConfig shape = shape(tokenizer.vocabularySize());
    HuggingFaceConfig config =
        new HuggingFaceConfig(shape, StoredType.F32, tokens, OptionalDouble.empty());
    Files.write(directory.resolve(HuggingFaceConfig.FILE), config.toJson());
    Files.write(directory.resolve(GenerationConfig.FILE), GenerationConfig.of(tokens).toJson());
    try (TensorBackend backend = new ReferenceBackend();
        Llama model = model(shape, backend);
        FileChannel out =
            FileChannel.open(
                directory.resolve("model.safetensors"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
      SafetensorsWriter.write(ModelWeights.of(model), SafetensorsWriter.PYTORCH, out);
    }
    return directory;
  }
}
