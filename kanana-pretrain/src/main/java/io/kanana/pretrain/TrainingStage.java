package io.kanana.pretrain;

import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Llama;
import io.kanana.core.optimize.LrSchedule;
import io.kanana.core.optimize.Optimizer;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.HeldOutLoss;
import io.kanana.core.train.RunCheckpoints;
import io.kanana.core.train.SpikeDetector;
import io.kanana.core.train.Trainer;
import io.kanana.core.train.TrainingRun;
import io.kanana.data.batch.MixtureBatches;
import io.kanana.data.batch.SequentialBatches;
import java.nio.file.Path;
import java.util.List;

/** Trains the model of a run, from where its last checkpoint stands. */
final class TrainingStage {
  private final PretrainConfig config;
  private final JobContext context;
  private final TensorBackend backend;
  private final RandomKey key;

  TrainingStage(PretrainConfig config, JobContext context, TensorBackend backend) {
    this.config = config;
    this.context = context;
    this.backend = backend;
    this.key = RandomKey.of(config.seed());
  }

  void run(TokenStage.Shards shards, BytePairTokenizer tokenizer, Path tokenizerDirectory) {
    int time = config.model().contextLength();
    BatchSource data = MixtureBatches.of(shards.train(), time, key.child("data").value());
    BatchSource heldOut = new SequentialBatches(shards.heldOut(), time);
    TrainingRun.Schedule schedule = schedule(data);
    LrSchedule rates = config.schedule(schedule.totalSteps());
    context.progress().line("back end: " + backend.description());
    try (Llama model = Llama.trainable(config.model(), config.compute().precision(), backend);
        Optimizer optimizer = config.optimizer().create(backend, model.parameters())) {
      model.initialise(key.child("weights"), config.train().initialStd());
      Trainer trainer = trainer(model, optimizer, data, rates);
      RunCheckpoints checkpoints = checkpoints(model, optimizer, tokenizer, tokenizerDirectory);
      if (context.resume()) {
        checkpoints.restoreLatest().ifPresent(trainer::restore);
      }
      schedule.checkReachable(trainer.state().step());
      context.keepConfig();
      if (train(trainer, heldOut, checkpoints, schedule)) {
        new SampleStage(config, context).run(model, tokenizer);
      }
    }
  }

  private TrainingRun.Schedule schedule(BatchSource data) {
    int rows = config.sequencesPerStep();
    return new TrainingRun.Schedule(
        config.train().until().inSteps(data, rows),
        config.evaluate().every().inSteps(data, rows),
        config.checkpoint().every().inSteps(data, rows));
  }

  private Trainer trainer(Llama model, Optimizer optimizer, BatchSource data, LrSchedule rates) {
    Trainer.Config settings =
        new Trainer.Config(
            config.sequencesPerStep(),
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
        model,
        optimizer,
        new RunCheckpoints.Origin(
            "pretrain",
            directory,
            List.of(TokenStage.trainDirectory(context)),
            tokens,
            context.configYaml()),
        config.checkpoint().keep(),
        context.progress()::line,
        context.clock());
  }

  private boolean train(
      Trainer trainer,
      BatchSource heldOut,
      RunCheckpoints checkpoints,
      TrainingRun.Schedule schedule) {
    long sequences = Math.max(1, config.evaluate().tokens() / config.model().contextLength());
    HeldOutLoss loss = new HeldOutLoss(heldOut, config.train().microBatch(), sequences);
    return new WatchedTraining(context, context.output(), trainer).run(loss, checkpoints, schedule);
  }
}
