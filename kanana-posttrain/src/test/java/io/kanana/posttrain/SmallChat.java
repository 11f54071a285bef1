package io.kanana.posttrain;

import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Told;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/** A small random model that knows the tokens of a chat template, and jobs on it. */
public record SmallChat(Path directory) {
  private static final List<String> SPECIALS =
      List.of("<|begin_of_text|>", "<|end_of_text|>", "<|im_start|>", "<|im_end|>");

  /** Writes the model. */
  public Path model() {
    return model(3);
  }

  /**
   * The same with other weights.
   *
   * @param seed of its weights
   */
  public Path model(long seed) {
    Path target = directory.resolve("model");
    BytePairTokenizer tokenizer =
        new BpeTrainer(new BpeTrainer.Config(290, SPECIALS))
            .withDocumentTokens(SPECIALS.get(0), SPECIALS.get(1))
            .train(List.of("user assistant user assistant what is the answer").iterator(), 1);
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    int vocabulary = tokenizer.vocabularySize();
    ModelConfig shape = new ModelConfig(2, 32, 4, 2, 8, 48, vocabulary, 128, 1e-5, rope, true);
    try (TensorBackend backend = TensorBackends.open("cpu", 1);
        Llama model = Llama.frozen(shape, Precision.F32, backend)) {
      model.initialise(RandomKey.of(seed), 0.1);
      ModelDirectory.write(target, model, tokenizer, TokenizerConfig.of(tokenizer), StoredType.F32);
    }
    return target;
  }

  /** Conversations of one exchange: {@code what is K} and a number that follows from K. */
  public Path conversations(int count) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          """
          {"messages": [{"role": "user", "content": "what is %d"}, {"role": "assistant", "content": "%d"}]}
          """
              .formatted(i, i % 5));
    }
    return Files.writeString(directory.resolve("conversations.jsonl"), lines);
  }

  /** Pairs: of each question a right answer and a wrong one. */
  public Path pairs(int count) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(
          """
          {"prompt": "what is %d", "chosen": "%d", "rejected": "no%s"}
          """
              .formatted(i, i % 5, "o".repeat(i % 4)));
    }
    return Files.writeString(directory.resolve("pairs.jsonl"), lines);
  }

  public Path file(String name) {
    return directory.resolve("out").resolve(name);
  }

  /** Runs a job, or goes on with it; its output is {@code out}. */
  public List<String> run(String config, String... assignments) throws IOException {
    return run(config, _ -> {}, new Cancellation(), assignments);
  }

  /**
   * The same.
   *
   * @param atLine is told everything that the job tells, while it runs
   */
  public List<String> run(
      String config, Consumer<String> atLine, Cancellation cancellation, String... assignments)
      throws IOException {
    Path file = directory.resolve("job.yaml");
    Files.writeString(file, config + "output: " + directory.resolve("out") + "\n");
    Told progress = Told.everythingTo(atLine);
    Jobs.load(SmallChat.class.getClassLoader())
        .configure(file, List.of(assignments))
        .run(true, progress, Clock.systemUTC(), cancellation);
    return progress.lines();
  }
}
