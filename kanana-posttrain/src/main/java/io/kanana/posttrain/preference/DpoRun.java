package io.kanana.posttrain.preference;

import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.HeldOut;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.data.document.QuarantineLog;
import io.kanana.posttrain.ChatParent;
import io.kanana.posttrain.MeasuredTraining;
import io.kanana.posttrain.SampleAnswers;
import io.kanana.posttrain.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One run of the job: pairs, reference, measurement before, training, measurement after. */
final class DpoRun {
  /** Packing puts the longest pairs first; the first rows shall be like the others. */
  private static final RandomKey HELD_OUT_ORDER = RandomKey.of(0).child("held-out");

  private final DpoConfig config;
  private final JobContext context;
  private final ChatParent parent;
  private final TensorBackend backend;
  private final PairLimits limits;
  private final PairData data;

  /** In the order of the run, and in that of a single pass. */
  private final PairBatches train;

  private final PairBatches trainOnce;
  private final PairBatches heldOut;

  DpoRun(DpoConfig config, JobContext context, ChatParent parent, TensorBackend backend) {
    this.config = config;
    this.context = context;
    this.parent = parent;
    this.backend = backend;
    this.limits = PairLimits.of(parent.model().shape(), config.data().contextLength());
    this.data = read();
    int time = limits.row();
    RandomKey order = RandomKey.of(config.seed()).child("data");
    this.train = new PairBatches(data.train(), time, Optional.of(order));
    this.trainOnce = new PairBatches(data.train(), time, Optional.empty());
    this.heldOut = new PairBatches(data.heldOut(), time, Optional.of(HELD_OUT_ORDER));
  }

  private PairData read() {
    try (QuarantineLog quarantine =
        new QuarantineLog(context.output().resolve("quarantine.jsonl"))) {
      PairData read = PairData.read(config.data(), parent.format(), limits, quarantine);
      line("pairs: %,d to train on, %,d held out", read.train().size(), read.heldOut().size());
      quarantine.describe().forEach(context.progress()::line);
      return read;
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private void line(String format, Object... values) {
    context.progress().line(String.format(Locale.ROOT, format, values));
  }

  void run() {
    line("policy: %s", parent.model().shape().describe());
    if (config.loss().usesReference()) {
      learnByReference();
    } else {
      ReferenceLogs none = ReferenceLogs.none(data.train().size());
      ReferenceLogs noneHeldOut = ReferenceLogs.none(data.heldOut().size());
      learn(
          objective(none, Optional.empty()),
          heldOutPairs(noneHeldOut, Optional.empty(), Optional.empty()),
          List.of());
    }
  }

  private Precision precision() {
    return config.compute().precision();
  }

  // ---- with a reference -----------------------------------------------------------------------

  private void learnByReference() {
    try (ParentModel stored = ParentModel.open(config.referenceModel())) {
      List<RunCheckpoints.Ancestor> others = new ArrayList<>();
      if (config.reference().isPresent()) {
        parent.requireReference(stored, limits.answer());
        others.add(stored.asAncestor());
      }
      try (Reference reference = new Reference(stored)) {
        ReferenceLogs logs = reference.logs("train", trainOnce);
        ReferenceLogs heldOutLogs = reference.logs("held-out", heldOut);
        Optional<KtoBaseline> baseline = baseline("mismatched", data.train(), reference);
        Optional<KtoBaseline> heldOutBaseline =
            baseline("held-out-mismatched", data.heldOut(), reference);
        Optional<Llama> resident = reference.forDivergence();
        learn(
            objective(logs, baseline),
            heldOutPairs(heldOutLogs, heldOutBaseline, resident),
            others);
      }
    }
  }

  private Optional<KtoBaseline> baseline(String name, List<PairTokens> pairs, Reference reference) {
    if (!config.loss().usesBaseline()) {
      return Optional.empty();
    }
    List<PairTokens> mismatched = KtoBaseline.mismatched(pairs, limits.row());
    PairBatches once = new PairBatches(mismatched, limits.row(), Optional.empty());
    ReferenceLogs logs = reference.logs(name, once);
    return Optional.of(new KtoBaseline(mismatched, logs, limits.row(), microBatch()));
  }

  private int microBatch() {
    return config.evaluate().microBatch();
  }

  /** The reference, in memory only while it is needed. */
  private final class Reference implements AutoCloseable {
    private final ParentModel stored;
    private Optional<Llama> loaded = Optional.empty();

    Reference(ParentModel stored) {
      this.stored = stored;
    }

    ReferenceLogs logs(String name, PairBatches once) {
      ReferenceStore.Header header =
          new ReferenceStore.Header(
              stored.id(),
              parent.format().fingerprint(),
              once.fingerprint(),
              precision().toString(),
              once.pairs().size());
      ReferenceStore store =
          new ReferenceStore(context.output().resolve("reference").resolve(name), header);
      return store.isDone() ? store.read() : store.make(model(), once, microBatch(), context);
    }

    private Llama model() {
      if (loaded.isEmpty()) {
        loaded = Optional.of(stored.load(backend, precision()));
      }
      return loaded.get();
    }

    /** The model to measure against, if it is wanted; nothing of it stays in memory otherwise. */
    Optional<Llama> forDivergence() {
      if (config.evaluate().divergence()) {
        return Optional.of(model());
      }
      close();
      return Optional.empty();
    }

    @Override
    public void close() {
      loaded.ifPresent(Llama::close);
      loaded = Optional.empty();
    }
  }

  // ---- training -------------------------------------------------------------------------------

  private PreferenceObjective objective(ReferenceLogs logs, Optional<KtoBaseline> baseline) {
    return new PreferenceObjective(
        config.loss(), config.sftWeight(), new ReferencedPairs(train, logs, baseline));
  }

  private HeldOut heldOutPairs(
      ReferenceLogs logs, Optional<KtoBaseline> baseline, Optional<Llama> reference) {
    PreferenceObjective objective =
        new PreferenceObjective(
            config.loss(), config.sftWeight(), new ReferencedPairs(heldOut, logs, baseline));
    return new HeldOutPairs(objective, heldOut, microBatch(), config.evaluate().rows(), reference)
        .then(samples());
  }

  private SampleAnswers samples() {
    return new SampleAnswers(
        context.output(),
        config.samples(),
        data.heldOutPrompts(),
        parent.format().tokenizer(),
        data.turnEnds(),
        config.seed());
  }

  private void learn(
      PreferenceObjective objective, HeldOut heldOut, List<RunCheckpoints.Ancestor> others) {
    Tuning tuning = new Tuning(DpoJob.NAME, context, parent, config.lora(), data.turnEnds());
    new MeasuredTraining(
            tuning, backend, config.compute(), config.train(), config.evaluate().benchmarks())
        .run(
            tuning.beginning(config.seed()),
            objective,
            train,
            heldOut,
            tuning.origin(List.of(), others));
  }
}
