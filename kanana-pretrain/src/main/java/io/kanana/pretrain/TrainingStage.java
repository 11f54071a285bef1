package io.kanana.pretrain;

import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.train.BatchSizes;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.CheckpointProbe;
import io.kanana.core.train.HeldOutLoss;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.Trainer;
import io.kanana.core.train.TrainingRun;
import io.kanana.core.train.TrainingState;
import io.kanana.core.train.WatchedTraining;
import io.kanana.core.train.WholeModel;
import io.kanana.data.batch.MixturePlan;
import io.kanana.data.batch.SequentialBatches;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Trains the model of a run, from where its last checkpoint stands. */
final class TrainingStage {
  private final PretrainConfig config;
  private final JobContext context;
  private final TensorBackend backend;
  private final RandomKey key;
  private final Optional<CheckpointProbe> probe;

  TrainingStage(PretrainConfig config, JobContext context, TensorBackend backend) {
    this.config = config;
    this.context = context;
    this.backend = backend;
    this.key = RandomKey.of(config.seed());
    this.probe = config.probe();
  }

  void run(
      RunTokens tokens, RunMixture mixture, BytePairTokenizer tokenizer, Path tokenizerDirectory) {
    MixturePlan plan = mixture.plan();
    BatchSource data = mixture.batches(plan);
    TrainingRun.Schedule schedule = schedule(data);
    LrSchedule rates = config.schedule(schedule.totalSteps());
    context.progress().line("back end: " + backend.description());
    if (config.asksTheLaw()) {
      context.progress().line(lawful(schedule.totalSteps()));
    }
    try (Llama model = Llama.trainable(config.model(), config.compute().precision(), backend);
        Optimizer optimizer =
            config.optimizer(schedule.totalSteps()).create(backend, model.parameters())) {
      Trainer trainer = trainer(model, optimizer, data, rates);
      RunCheckpoints checkpoints = checkpoints(model, optimizer, tokenizer, tokenizerDirectory);
      if (!restore(trainer, checkpoints, plan)) {
        begin(model, optimizer);
        new PlanFile(context.output()).write(plan);
      }
      schedule.checkReachable(trainer.state().step());
      context.keepConfig();
      if (train(trainer, heldOut(tokens, plan), checkpoints, schedule)) {
        new SampleStage(config, context).run(model, tokenizer);
      }
    }
  }

  private String lawful(long steps) {
    return String.format(
        Locale.ROOT,
        "by DeepSeek's law of scale: %s, %,d tokens a step",
        config.optimizer(steps),
        config.tokensPerStep());
  }

  /** False where there is nothing to restore. */
  private boolean restore(Trainer trainer, RunCheckpoints checkpoints, MixturePlan plan) {
    Optional<TrainingState> saved =
        context.resume() ? checkpoints.restoreLatest() : Optional.empty();
    saved.ifPresent(
        state -> {
          new PlanFile(context.output()).check(plan, state.step());
          trainer.restore(state);
        });
    return saved.isPresent();
  }

  private void begin(Llama model, Optimizer optimizer) {
    config
        .start()
        .map(StartingPoint::new)
        .ifPresentOrElse(
            start -> start.read(model, optimizer),
            () -> model.initialise(key.child("weights"), config.train().initialStd()));
    if (config.start().isPresent()) {
      context.progress().line("going on from " + config.start().get().model());
    }
  }

  private HeldOutLoss heldOut(RunTokens tokens, MixturePlan plan) {
    int time = config.model().contextLength();
    long sequences = Math.max(1, config.evaluate().tokens() / time);
    if (tokens.evaluation().isPresent()) {
      BatchSource given = new SequentialBatches(tokens.evaluation().get(), time);
      return new HeldOutLoss(given, config.train().microBatch(), sequences);
    }
    List<HeldOutLoss.Domain> domains = new ArrayList<>();
    tokens
        .domains()
        .forEach(
            (name, own) -> {
              if (own.heldOut().documents() > 0) {
                domains.add(
                    new HeldOutLoss.Domain(
                        name, plan.tokenShare(name), new SequentialBatches(own.heldOut(), time)));
              }
            });
    return new HeldOutLoss(domains, config.train().microBatch(), sequences);
  }

  private TrainingRun.Schedule schedule(BatchSource data) {
    BatchSizes full = BatchSizes.constant(config.batches().full());
    return new TrainingRun.Schedule(
        config.train().until().inSteps(data, config.batches()),
        config.evaluate().every().inSteps(data, full),
        config.checkpoint().every().inSteps(data, full));
  }

  private Trainer trainer(Llama model, Optimizer optimizer, BatchSource data, LrSchedule rates) {
    Trainer.Config settings =
        new Trainer.Config(
            config.batches(),
            config.train().microBatch(),
            config.train().maxGradientNorm(),
            config.train().recompute(),
            config.train().maxConsecutiveSkips());
    return new Trainer(
        model,
        optimizer,
        rates,
        config.objective().create(),
        data,
        new SpikeDetector(config.train().spikes()),
        settings,
        System::nanoTime);
  }

  private RunCheckpoints checkpoints(
      Llama model, Optimizer optimizer, BytePairTokenizer tokenizer, Path directory) {
    List<Integer> ends = tokenizer.endOfText().stream().boxed().toList();
    SpecialTokens tokens =
        new SpecialTokens(tokenizer.beginOfText(), ends, tokenizer.tokenId("<|pad|>"));
    return new RunCheckpoints(
        context.output(),
        new WholeModel(model),
        model,
        optimizer,
        new RunCheckpoints.Origin(
            "pretrain",
            directory,
            TokenStage.trainDirectories(config.data().sources(), context.output()),
            tokens,
            context.configYaml(),
            config.start().stream().map(start -> new StartingPoint(start).ancestor()).toList()),
        config.checkpoint().keep(),
        context.progress()::line,
        context.clock());
  }

  private boolean train(
      Trainer trainer,
      HeldOutLoss heldOut,
      RunCheckpoints checkpoints,
      TrainingRun.Schedule schedule) {
    return new WatchedTraining(context, context.output(), trainer, probe)
        .run(heldOut, checkpoints, schedule);
  }
}
