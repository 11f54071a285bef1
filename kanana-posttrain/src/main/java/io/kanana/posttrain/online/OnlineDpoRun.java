package io.kanana.posttrain.online;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.Beginning;
import io.kanana.core.train.HeldOut;
import io.kanana.core.train.ModelFiles;
import io.kanana.core.train.ParentModel;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.data.document.QuarantineLog;
import io.kanana.posttrain.ChatParent;
import io.kanana.posttrain.MeasuredTraining;
import io.kanana.posttrain.SampleAnswers;
import io.kanana.posttrain.Tuning;
import io.kanana.posttrain.preference.PreferenceObjective;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** One run of the job: questions, measurement before, sampling and training, measurement after. */
final class OnlineDpoRun {
  private final OnlineDpoConfig config;
  private final JobContext context;
  private final ChatParent parent;
  private final TensorBackend backend;
  private final Questions questions;
  private final RandomKey key;
  private final SamplingRate rate = new SamplingRate(System::nanoTime);

  OnlineDpoRun(
      OnlineDpoConfig config, JobContext context, ChatParent parent, TensorBackend backend) {
    OnlineDpoJob.checkContext(config, parent.model().shape());
    this.config = config;
    this.context = context;
    this.parent = parent;
    this.backend = backend;
    this.questions = read();
    this.key = RandomKey.of(config.seed());
  }

  private Questions read() {
    try (QuarantineLog quarantine =
        new QuarantineLog(context.output().resolve("quarantine.jsonl"))) {
      Questions read = Questions.read(config.data(), parent.format(), quarantine);
      line("questions: %,d to train on, %,d held out", read.train().size(), read.heldOut().size());
      quarantine.describe().forEach(context.progress()::line);
      return read;
    }
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private void line(String format, Object... values) {
    context.progress().line(String.format(Locale.ROOT, format, values));
  }

  private Precision precision() {
    return config.compute().precision();
  }

  void run() {
    line("policy: %s", parent.model().shape().describe());
    try (ParentModel stored = ParentModel.open(config.referenceModel());
        Llama reference = stored.load(backend, precision());
        Scorer scorer = scorer(backend)) {
      List<RunCheckpoints.Ancestor> others = new ArrayList<>(config.reward().models());
      if (config.reference().isPresent()) {
        parent.requireReference(stored, config.longestAnswer());
        others.add(stored.asAncestor());
      }
      try (OnlinePairs pairs = pairs(reference, stored.id(), scorer)) {
        learn(pairs, heldOut(reference, scorer), others);
      }
    }
  }

  private Scorer scorer(TensorBackend own) {
    Scorer scorer = Scorer.open(config.reward(), "reward", parent.format().tokenizer(), own);
    return new UnfinishedPenalty(scorer, config.answers().unfinishedPenalty());
  }

  // ---- answers --------------------------------------------------------------------------------

  private AnswerSampler sampler() {
    return new AnswerSampler(
        parent.format().tokenizer(),
        endings(),
        config.answers().sampling(),
        config.answers().maxNewTokens(),
        config.answers().batch());
  }

  private Set<Integer> endings() {
    return parent.turnEnds();
  }

  private AnswerMaker maker() {
    return new AnswerMaker(
        questions.train(),
        config.train().sequencesPerStep(),
        config.answers().each(),
        sampler(),
        key.child("sampling"),
        rate);
  }

  private OnlinePairs pairs(Llama model, String reference, Scorer scorer) {
    OnlinePairs.Shape shape =
        new OnlinePairs.Shape(
            config.train().sequencesPerStep(), config.contextLength(), config.train().microBatch());
    String settings =
        String.join(
            " ",
            Long.toString(config.seed()),
            config.answers().toString(),
            config.reward().toString(),
            parent.model().id(),
            reference);
    return new OnlinePairs(
        shape,
        questions.train(),
        config.loss().usesReference() ? Optional.of(model) : Optional.empty(),
        after -> supply(after, scorer),
        settings);
  }

  /**
   * @param own asks on this thread; a sampling thread has one of its own
   */
  private AnswerSupply supply(long after, Scorer own) {
    int staleness = config.answers().staleness();
    long last = after == 0 ? 0 : after + staleness;
    PairLog log = new PairLog(context.output(), questions.train(), after, last);
    if (staleness == 0) {
      return new SampledNow(maker(), own, log);
    }
    return new SampledAhead(
        maker(),
        log,
        staleness,
        parent.model().shape(),
        precision(),
        () -> TensorBackends.open(config.compute().backend(), samplingThreads()),
        this::scorer);
  }

  private int samplingThreads() {
    return config
        .answers()
        .threads()
        .orElseGet(() -> Math.max(1, config.compute().threadCount() / 2));
  }

  // ---- measurements ---------------------------------------------------------------------------

  private HeldOut heldOut(Llama reference, Scorer scorer) {
    List<Question> asked =
        questions.heldOut().stream().limit(config.evaluate().questions()).toList();
    long seed = key.child("evaluation").value();
    return new HeldOutAnswers(asked, sampler(), scorer, reference, config.contextLength(), seed)
        .then(samples())
        .then(rate);
  }

  private SampleAnswers samples() {
    return new SampleAnswers(
        context.output(),
        config.samples(),
        questions.heldOut().stream()
            .map(question -> new SampleAnswers.Prompt(question.text(), question.ids()))
            .toList(),
        parent.format().tokenizer(),
        endings(),
        config.seed());
  }

  // ---- training -------------------------------------------------------------------------------

  private void learn(OnlinePairs pairs, HeldOut heldOut, List<RunCheckpoints.Ancestor> others) {
    Tuning whole = new Tuning(OnlineDpoJob.NAME, context, parent, Optional.empty(), endings());
    PreferenceObjective objective =
        new PreferenceObjective(config.loss(), config.sftWeight(), pairs);
    new MeasuredTraining(
            whole, backend, config.compute(), config.train(), config.evaluate().benchmarks())
        .run(beginning(pairs), objective, pairs, heldOut, whole.origin(List.of(), others));
  }

  /** The policy that is trained is the one that answers, and no checkpoint outruns the answers. */
  private Beginning beginning(OnlinePairs pairs) {
    Beginning whole = Beginning.of(parent.model().stored());
    return new Beginning() {
      @Override
      public ModelConfig shape() {
        return whole.shape();
      }

      @Override
      public Llama make(Precision precision, TensorBackend own) {
        Llama policy = whole.make(precision, own);
        pairs.policy(policy);
        return policy;
      }

      @Override
      public void begin(Llama model, Optimizer optimizer) {
        whole.begin(model, optimizer);
      }

      @Override
      public ModelFiles files(Llama model) {
        return settling(whole.files(model), pairs);
      }
    };
  }

  private static ModelFiles settling(ModelFiles files, OnlinePairs pairs) {
    return new ModelFiles() {
      @Override
      public String kind() {
        return files.kind();
      }

      @Override
      public void write(ArtefactWriter artefact, SpecialTokens tokens) {
        pairs.settle();
        files.write(artefact, tokens);
      }

      @Override
      public void read(Path directory) {
        files.read(directory);
      }
    };
  }
}
