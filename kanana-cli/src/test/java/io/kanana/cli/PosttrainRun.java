package io.kanana.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Jobs of post-training on {@link ReshapeRun}'s parent, which has a chat template, with a
 * checkpoint after each of their {@value #STEPS} steps.
 */
final class PosttrainRun {
  static final int STEPS = 12;

  private static final String TRAIN =
      """
      train:
        until: {steps: %d}
        sequences-per-step: 2
        micro-batch: 1
        save-every: {steps: 1}
        evaluate-every: {steps: 6}
        optimizer: {learning-rate: 1e-3}
      """
          .formatted(STEPS);
  private static final String SAMPLES =
      """
      samples: {prompts: 1, max-new-tokens: 4}
      """;
  private static final String SFT =
      """
      job: sft
      output: out
      compute: {backend: cpu, threads: 1}
      model: ../parent
      data:
        domains: {talk: {conversations: [../conversations.jsonl]}}
        held-out-share: 0.2
      context-length: 64
      neftune-alpha: 5
      """
          + TRAIN
          + SAMPLES;
  private static final String LORA =
      """
      lora: {rank: 4, alpha: 8, rank-stabilised: false, targets: [q-proj, v-proj, down-proj]}
      """;
  private static final String DPO =
      """
      job: dpo
      output: out
      compute: {backend: cpu, threads: 1}
      model: ../parent
      data: {pairs: [../pairs.jsonl], held-out-share: 0.2}
      evaluate: {rows: 16, micro-batch: 1}
      """
          + TRAIN
          + SAMPLES;

  private static final String KTO =
      """
      loss: {type: kto}
      """;

  private static final String REWARD =
      """
      job: reward
      output: out
      compute: {backend: cpu, threads: 1}
      model: ../parent
      data: {pairs: [{type: preferences, files: [../pairs.jsonl]}], held-out-share: 0.2}
      """
          + TRAIN;

  private static final String ASKING =
      """
      compute: {backend: cpu, threads: 1}
      output: out
      model: ../parent
      data: {prompts: [../conversations.jsonl], held-out-share: 0.4, max-prompt-tokens: 30}
      """;
  private static final String ONLINE =
      """
      job: online-dpo
      answers: {each: 3, max-new-tokens: 6, batch: 8, staleness: %d}
      reward: {type: rule, rules: [{type: length, free: 1, per-token: -1.0}]}
      evaluate: {questions: 4}
      """
          + ASKING
          + TRAIN
          + SAMPLES;
  private static final String BEST_OF_N =
      """
      job: best-of-n
      questions: 24
      answers: {of: [1, 32], max-new-tokens: 16, batch: 8}
      candidates: {short: {type: rule, rules: [{type: length, free: 1, per-token: -1.0}]}}
      judge: {type: rule, rules: [{type: length, free: 0, per-token: 1.0}]}
      """
          + ASKING;

  private PosttrainRun() {}

  /** Writes the model and the texts that all runs below a directory begin with. */
  static void inputsIn(Path directory) throws IOException {
    ReshapeRun.parentIn(directory);
    write(
        directory.resolve("conversations.jsonl"),
        80,
        """
        {"messages": [{"role": "user", "content": "what is %d"}, {"role": "assistant", "content": "%d"}]}
        """);
    write(
        directory.resolve("pairs.jsonl"),
        100,
        """
        {"prompt": "what is %d", "chosen": "%d", "rejected": "no"}
        """);
  }

  private static void write(Path file, int count, String line) throws IOException {
    Files.writeString(
        file,
        IntStream.range(0, count)
            .mapToObj(i -> line.formatted(i, i % 5))
            .collect(Collectors.joining()));
  }

  static ReshapeRun sft(Path directory) throws IOException {
    return ReshapeRun.write(directory, SFT);
  }

  static ReshapeRun lora(Path directory) throws IOException {
    return ReshapeRun.write(directory, SFT + LORA);
  }

  /** The same, with a section of its own for measurements. */
  static ReshapeRun lora(Path directory, String evaluate) throws IOException {
    return ReshapeRun.write(directory, SFT + LORA + evaluate);
  }

  static ReshapeRun dpo(Path directory) throws IOException {
    return ReshapeRun.write(directory, DPO);
  }

  /** By a loss that looks at each answer for itself, with a base that stays as it is. */
  static ReshapeRun ktoOfAdapters(Path directory) throws IOException {
    return ReshapeRun.write(directory, DPO + KTO + LORA);
  }

  /**
   * @param trained the name of the run, beside this one, that left the adapter
   */
  static ReshapeRun mergeAdapter(Path directory, String trained) throws IOException {
    return ReshapeRun.write(
        directory,
        """
        job: merge-adapter
        output: out
        model: ../parent
        adapter: ../%s/out/model
        """
            .formatted(trained));
  }

  static ReshapeRun reward(Path directory) throws IOException {
    return ReshapeRun.write(directory, REWARD);
  }

  /**
   * @param staleness 0 samples and trains in turn, more does both at once
   */
  static ReshapeRun online(Path directory, int staleness) throws IOException {
    return ReshapeRun.write(directory, ONLINE.formatted(staleness));
  }

  static ReshapeRun bestOfN(Path directory) throws IOException {
    return ReshapeRun.write(directory, BEST_OF_N);
  }
}
