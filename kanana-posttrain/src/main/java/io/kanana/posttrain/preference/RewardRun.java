package io.kanana.posttrain.preference;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelHead;
import io.kanana.core.model.Precision;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.ContinuedTraining;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.data.document.QuarantineLog;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** One run of the job: pairs, training, measurement. */
final class RewardRun {
  private final RewardConfig config;
  private final JobContext context;
  private final ParentModel parent;
  private final TensorBackend backend;

  RewardRun(RewardConfig config, JobContext context, ParentModel parent, TensorBackend backend) {
    this.config = config;
    this.context = context;
    this.parent = parent;
    this.backend = backend;
  }

  void run() {
    RandomKey key = RandomKey.of(config.seed());
    PairLimits limits = PairLimits.of(parent.shape(), config.data().contextLength());
    context.progress().status("reading pairs");
    RewardEncoder encoder = new RewardEncoder(parent.stored(), config.data().template());
    RewardData data = read(encoder, limits, key.child("pairs"));
    Path pairs = artefact("pairs", data::write);
    Path tokenizer = artefact("tokenizer", directory -> write(encoder, directory));
    PairBatches batches =
        new PairBatches(
            RewardData.tokens(data.trained()), limits.row(), Optional.of(key.child("order")));
    RewardHeldOut heldOut =
        new RewardHeldOut(RewardData.tokens(data.heldOut()), config.evaluate().microBatch());
    boolean ended =
        training()
            .run(
                new RewardBeginning(parent.stored(), key.child("head")),
                new RewardObjective(config.loss().centreCoefficient(), batches),
                batches,
                heldOut,
                origin(data, tokenizer, pairs));
    if (ended) {
      report(data, heldOut);
    }
  }

  private RewardData read(RewardEncoder encoder, PairLimits limits, RandomKey key) {
    try (QuarantineLog quarantine =
        new QuarantineLog(context.output().resolve("quarantine.jsonl"))) {
      RewardData data = RewardData.read(config.data(), encoder, limits, key, quarantine);
      String pairs =
          String.format(
              Locale.ROOT,
              "pairs: %,d to train on, %,d held out",
              data.trained().size(),
              data.heldOut().size());
      context.progress().line(pairs);
      quarantine.describe().forEach(context.progress()::line);
      return data;
    }
  }

  /** A directory of the run's own, which is made once. */
  private Path artefact(String name, Consumer<Path> write) {
    Path directory = context.output().resolve(name).toAbsolutePath();
    if (!Artefact.isArtefact(directory)) {
      write.accept(directory);
    }
    return directory;
  }

  private static void write(RewardEncoder encoder, Path directory) {
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, "tokenizer", List.of())) {
      ModelDirectory.writeTokenizer(artefact, encoder.tokenizer(), encoder.config());
      artefact.commit();
    }
  }

  private Precision precision() {
    return config.compute().precision();
  }

  private ContinuedTraining training() {
    return new ContinuedTraining(
        context, backend, precision(), context.output(), "train", config.train(), Optional.empty());
  }

  private RunCheckpoints.Origin origin(RewardData data, Path tokenizer, Path pairs) {
    return new RunCheckpoints.Origin(
        RewardJob.NAME,
        tokenizer,
        List.of(pairs),
        tokens(parent.stored().config().tokens(), data.ends()),
        context.configYaml(),
        List.of(parent.asAncestor()));
  }

  /**
   * transformers scores the last token that is no padding: one that ends answers and fills batches
   * too would be passed over, so such a model says that it has no padding.
   */
  private static SpecialTokens tokens(SpecialTokens own, Set<Integer> ends) {
    boolean ambiguous = own.pad().stream().anyMatch(ends::contains);
    return ambiguous ? new SpecialTokens(own.bos(), own.eos(), OptionalInt.empty()) : own;
  }

  private void report(RewardData data, RewardHeldOut heldOut) {
    Path end = RunCheckpoints.model(context.output());
    RewardReport report = new RewardReport(context.output(), context.progress());
    report.pairs(data.trained().size(), data.heldOut().size());
    try (HuggingFaceModel stored = HuggingFaceModel.open(end, ModelHead.SCORE);
        Llama model = ModelWeights.load(stored, precision(), backend)) {
      report.model(stored.id(), heldOut.of(model));
    }
    context.progress().status("training on words alone, to compare");
    report.baselines(RewardData.texts(data.trained()), RewardData.texts(data.heldOut()));
    report.write();
  }
}
