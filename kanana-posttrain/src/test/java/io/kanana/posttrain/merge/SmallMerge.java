package io.kanana.posttrain.merge;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.checkpoint.TinyCheckpoint;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Told;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Merges of models of a few thousand weights.
 *
 * @param directory of the test's own
 */
record SmallMerge(Path directory) {
  /** A shape with the tokenizer's vocabulary. */
  static ModelConfig shape() {
    return TinyCheckpoint.shape(TinyCheckpoint.tokenizer().vocabularySize());
  }

  Path file(String name) {
    return directory.resolve("out").resolve(name);
  }

  /** Writes a model of ours that was trained for one stage of its own. */
  Path model(String name, long seed) {
    return model(name, seed, StoredType.F32, shape(), weight -> weight);
  }

  /**
   * The same of any shape, with weights as they are wanted.
   *
   * @param edit changes each weight on its way to the disk
   */
  Path model(
      String name,
      long seed,
      StoredType type,
      ModelConfig shape,
      UnaryOperator<TensorContent> edit) {
    Path target = directory.resolve(name);
    BytePairTokenizer tokenizer = TinyCheckpoint.tokenizer();
    TokenizerConfig config =
        TokenizerConfig.of(tokenizer).withChatTemplate(TinyCheckpoint.CHAT_TEMPLATE + name);
    SpecialTokens tokens = SpecialTokens.of(tokenizer, config);
    try (TensorBackend backend = new ReferenceBackend();
        Llama model = Llama.frozen(shape, Precision.F32, backend);
        ArtefactWriter artefact = ArtefactWriter.create(target, ModelDirectory.KIND, List.of())) {
      model.initialise(RandomKey.of(seed), 0.3);
      List<TensorContent> weights =
          ModelWeights.of(model).stream().map(weight -> edit.apply(weight.as(type))).toList();
      HuggingFaceModel.write(
          artefact,
          new HuggingFaceConfig(shape, type, tokens, OptionalDouble.empty()),
          weights,
          Long.MAX_VALUE);
      artefact.write(Tokenizers.TOKENIZER, Tokenizers.toJson(tokenizer));
      artefact.write(Tokenizers.CONFIG, Tokenizers.toJson(config));
      artefact.write("LICENSE", "of " + name);
      artefact.write(Provenance.FILE, provenance(name).toJson());
      artefact.commit();
    }
    return target;
  }

  /** A stage of its own, and one that all have in common. */
  private static Provenance provenance(String name) {
    return new Provenance(
        "train",
        Instant.EPOCH,
        "",
        List.of(),
        List.of(new StageCompute(name, "train", 10, 100, 1000, 1)),
        List.of(new StageCompute("common", "pretrain", 70, 100, 7000, 7)),
        new TreeMap<>());
  }

  /** Makes a directory such as others write: without what only we know. */
  static Path foreign(Path model) throws IOException {
    Files.delete(model.resolve("manifest.json"));
    Files.delete(model.resolve(Provenance.FILE));
    return model;
  }

  private ConfiguredJob<?> configure(String yaml, String... assignments) throws IOException {
    Path file = directory.resolve("merge.yaml");
    Files.writeString(
        file, ("job: merge\noutput: HERE/out\n" + yaml).replace("HERE", directory.toString()));
    return Jobs.load(SmallMerge.class.getClassLoader()).configure(file, List.of(assignments));
  }

  String plan(String yaml, String... assignments) throws IOException {
    return configure(yaml, assignments).plan().toString();
  }

  List<String> run(String yaml, String... assignments) throws IOException {
    return run(status -> {}, new Cancellation(), yaml, assignments);
  }

  /**
   * Runs the job, or goes on with it.
   *
   * @param atStatus sees where it stands
   */
  List<String> run(
      Consumer<String> atStatus, Cancellation cancellation, String yaml, String... assignments)
      throws IOException {
    Told progress = new Told(atStatus);
    configure(yaml, assignments).run(true, progress, Clock.systemUTC(), cancellation);
    return progress.lines();
  }
}
