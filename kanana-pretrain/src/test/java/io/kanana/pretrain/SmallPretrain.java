package io.kanana.pretrain;

import io.kanana.core.job.Cancellation;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import io.kanana.core.job.Told;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** A pre-training run of some hundred weights and two steps, in a directory of its own. */
record SmallPretrain(Path directory, String config) {
  private static final String CONFIG =
      """
      job: pretrain
      output: %s
      compute: {backend: cpu, threads: 1}
      data:
        documents: [{type: miniature-web, documents: 40}]
        held-out-share: 0.1
      tokenizer: {type: train-bpe, vocabulary-size: 270, sample-bytes: 2000}
      model:
        layers: 1
        hidden-size: 16
        heads: 1
        kv-heads: 1
        head-dim: 16
        ffn-size: 16
        vocabulary-size: 270
        context-length: 16
      train: {until: {steps: 2}, tokens-per-step: 32, micro-batch: 2}
      evaluate: {every: {steps: 2}, tokens: 32}
      checkpoint: {every: {steps: 2}, keep: 1}
      samples: {prompts: [A], max-new-tokens: 2}
      """;

  private static final String DOCUMENTS = "  documents: [{type: miniature-web, documents: 40}]\n";

  SmallPretrain(Path directory) {
    this(directory, CONFIG);
  }

  /** Without documents: a test gives a mixture. */
  static SmallPretrain ofMixture(Path directory) {
    return new SmallPretrain(directory, CONFIG.replace(DOCUMENTS, ""));
  }

  /** The job that ends with the tokens, of a mixture that a test gives. */
  static SmallPretrain ofTokenize(Path directory) {
    String data = CONFIG.substring(0, CONFIG.indexOf("model:")).replace(DOCUMENTS, "");
    return new SmallPretrain(
        directory, data.replace("job: pretrain", "job: tokenize").replace("backend: cpu, ", ""));
  }

  Path output() {
    return directory.resolve("out");
  }

  ConfiguredJob<?> configured(String... assignments) throws IOException {
    Path file = directory.resolve("small.yaml");
    Files.writeString(file, config.replaceFirst("%s", output().toString()));
    return Jobs.load(SmallPretrain.class.getClassLoader()).configure(file, List.of(assignments));
  }

  List<String> run(String... assignments) throws IOException {
    Told progress = new Told();
    run(progress, new Cancellation(), assignments);
    return progress.lines();
  }

  void run(Progress progress, Cancellation cancellation, String... assignments) throws IOException {
    configured(assignments).run(true, progress, Clock.systemUTC(), cancellation);
  }
}
