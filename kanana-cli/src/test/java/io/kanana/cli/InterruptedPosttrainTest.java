package io.kanana.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Post-training that is killed at many moments ends as the undisturbed one, once resumed. */
@DisabledOnOs(OS.WINDOWS)
class InterruptedPosttrainTest {
  private static final List<String> TRAINED =
      List.of(
          "model/model.safetensors", "model/optimizer.safetensors", "samples.jsonl", "report.json");

  private static final List<String> ADAPTED =
      List.of(
          "model/adapter_model.safetensors",
          "model/optimizer.safetensors",
          "merged/model.safetensors",
          "samples.jsonl",
          "report.json");

  @TempDir static Path directory;

  @BeforeAll
  static void inputs() throws IOException {
    PosttrainRun.inputsIn(directory);
  }

  @Test
  void fineTuning() throws Exception {
    ReshapeRun whole = PosttrainRun.sft(directory.resolve("sft"));
    whole.finish();
    ReshapeRun run = PosttrainRun.sft(directory.resolve("killed-sft"));
    run.killWhen(() -> run.has("tokens"));
    killWhileTraining(run, 3);
    run.killWhen(() -> run.has("model") || run.has(".model.partial"));
    run.finish();
    run.assertSameAs(whole, TRAINED);
  }

  @Test
  void fineTuningOfAdapters() throws Exception {
    ReshapeRun whole = PosttrainRun.lora(directory.resolve("lora"));
    whole.finish();
    ReshapeRun run = PosttrainRun.lora(directory.resolve("killed-lora"));
    killWhileTraining(run, 2);
    run.killWhen(() -> run.has("merged") || run.has(".merged.partial"));
    run.finish();
    run.assertSameAs(whole, ADAPTED);
  }

  @Test
  void preferences() throws Exception {
    ReshapeRun whole = PosttrainRun.dpo(directory.resolve("dpo"));
    whole.finish();
    ReshapeRun run = PosttrainRun.dpo(directory.resolve("killed-dpo"));
    run.killWhen(() -> partialReference(run));
    assertThat(run.file("reference/train")).doesNotExist();
    killWhileTraining(run, 2);
    run.killWhen(() -> run.has("model") || run.has(".model.partial"));
    run.finish();
    run.assertSameAs(whole, TRAINED);
    run.assertSameAs(
        whole,
        List.of(
            "reference/train/log-probabilities.jsonl",
            "reference/held-out/log-probabilities.jsonl"));
  }

  @Test
  void preferencesOfAdapters() throws Exception {
    ReshapeRun whole = PosttrainRun.ktoOfAdapters(directory.resolve("kto"));
    whole.finish();
    ReshapeRun run = PosttrainRun.ktoOfAdapters(directory.resolve("killed-kto"));
    killWhileTraining(run, 2);
    run.finish();
    run.assertSameAs(whole, ADAPTED);
    mergesWhenKilled(whole);
  }

  private static void mergesWhenKilled(ReshapeRun trained) throws Exception {
    ReshapeRun run = PosttrainRun.mergeAdapter(directory.resolve("killed-merge"), "kto");
    run.killWhen(() -> run.has("model") || run.has(".model.partial"));
    run.finish();
    assertThat(run.file("model/model.safetensors"))
        .hasSameBinaryContentAs(trained.file("merged/model.safetensors"));
  }

  @Test
  void rewards() throws Exception {
    ReshapeRun whole = PosttrainRun.reward(directory.resolve("reward"));
    whole.finish();
    ReshapeRun run = PosttrainRun.reward(directory.resolve("killed-reward"));
    killWhileTraining(run, 2);
    run.killWhen(() -> run.has("model") || run.has(".model.partial"));
    run.finish();
    run.assertSameAs(whole, List.of("model/model.safetensors", "model/optimizer.safetensors"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void preferencesOfOwnAnswers(int staleness) throws Exception {
    ReshapeRun whole = PosttrainRun.online(directory.resolve("online-" + staleness), staleness);
    whole.finish();
    ReshapeRun run =
        PosttrainRun.online(directory.resolve("killed-online-" + staleness), staleness);
    run.killWhen(() -> run.lines("pairs.jsonl") >= 1);
    killWhileTraining(run, 2);
    run.killWhen(() -> run.has("model") || run.has(".model.partial"));
    run.finish();
    run.assertSameAs(whole, TRAINED);
    run.assertSameAs(whole, List.of("pairs.jsonl"));
  }

  @Test
  void theBestOfN() throws Exception {
    ReshapeRun whole = PosttrainRun.bestOfN(directory.resolve("best"));
    whole.finish();
    assertThat(whole.lines("answers.jsonl")).isGreaterThan(20);
    ReshapeRun run = PosttrainRun.bestOfN(directory.resolve("killed-best"));
    for (long questions : new long[] {1, 9, 17}) {
      run.killWhen(() -> run.lines("answers.jsonl") >= questions);
    }
    assertThat(run.file("best-of-n.json")).doesNotExist();
    run.finish();
    run.assertSameAs(whole, List.of("answers.jsonl", "best-of-n.json"));
  }

  /** At a random step of each of so many stretches, while a checkpoint is written. */
  private static void killWhileTraining(ReshapeRun run, int times) throws Exception {
    RandomKey key = RandomKey.of(times);
    int stretch = PosttrainRun.STEPS / times;
    long[] moments =
        LongStream.range(0, times).map(i -> 1 + i * stretch + key.below(i, stretch - 2)).toArray();
    for (long lines : moments) {
      run.killWhen(() -> run.lines("metrics.jsonl") >= lines && run.isWritingCheckpoint());
    }
    assertThat(run.file("model")).doesNotExist();
  }

  /** The lines that a store is made of, before it is one. */
  private static boolean partialReference(ReshapeRun run) {
    Path reference = run.file("reference");
    try (Stream<Path> files = Files.exists(reference) ? Files.list(reference) : Stream.empty()) {
      return files.anyMatch(
          file -> file.toString().endsWith(".partial.jsonl") && file.toFile().length() > 1000);
    } catch (IOException e) {
      return false; // removed under our eyes
    }
  }
}
