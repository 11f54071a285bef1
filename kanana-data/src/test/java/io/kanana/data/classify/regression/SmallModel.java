package io.kanana.data.classify.regression;

import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.train.ComputeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** A small random model on disk, and documents whose words say how good they are. */
final class SmallModel {
  static final int WIDTH = 32;
  static final int CONTEXT = 128;
  static final ComputeConfig COMPUTE = new ComputeConfig("cpu", OptionalInt.of(1), Precision.F32);

  private static final List<String> GOOD = List.of("theorem", "history", "cell", "energy");
  private static final List<String> POOR = List.of("sale", "click", "casino", "cookies");

  private SmallModel() {}

  /** Writes one, with a token that begins documents. */
  static Path write(Path target, long seed) {
    return write(target, seed, true);
  }

  static Path write(Path target, long seed, boolean begins) {
    List<String> specials = List.of("<|begin_of_text|>", "<|end_of_text|>");
    BpeTrainer bare = new BpeTrainer(new BpeTrainer.Config(300, specials));
    BpeTrainer trainer = begins ? bare.withDocumentTokens(specials.get(0), specials.get(1)) : bare;
    BytePairTokenizer tokenizer =
        trainer.train(List.of(String.join(" ", GOOD) + String.join(" ", POOR)).iterator(), 1);
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    ModelConfig shape =
        new ModelConfig(
            2, WIDTH, 4, 2, 8, 48, tokenizer.vocabularySize(), CONTEXT, 1e-5, rope, true);
    try (TensorBackend backend = TensorBackends.open("cpu", 1);
        Llama model = Llama.frozen(shape, Precision.F32, backend)) {
      model.initialise(RandomKey.of(seed), 0.1);
      ModelDirectory.write(target, model, tokenizer, TokenizerConfig.of(tokenizer), StoredType.F32);
    }
    return target;
  }

  /** A text of ten words, of which twice as many as the score says are good ones. */
  static String text(int index, int score) {
    RandomKey key = RandomKey.of(index);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      List<String> words = i < 2 * score ? GOOD : POOR;
      text.append(i == 0 ? "" : " ").append(words.get(key.below(i, words.size())));
    }
    return text.append(' ').append(index).toString();
  }

  /** Lines of JSON with the field {@code score}. */
  static Path documents(Path file, int count) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          "{\"id\": \"d%d\", \"text\": \"%s\", \"score\": %d}%n"
              .formatted(i, text(i, i % 6), i % 6));
    }
    return Files.writeString(file, lines);
  }
}
