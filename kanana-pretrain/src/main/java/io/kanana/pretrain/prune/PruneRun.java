package io.kanana.pretrain.prune;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.job.JobContext;
import io.kanana.core.random.RandomKey;
import io.kanana.core.train.ParentModel;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.ReshapeReport;
import io.kanana.pretrain.reshape.ReshapedCheckpoint;
import io.kanana.pretrain.reshape.TextStage.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One run of the job: estimate, decide, apply, measure. What an earlier run of the same output
 * finished is taken as it is, a plan that was edited since included.
 */
final class PruneRun {
  private static final String WORK = "work";
  private static final int SHORT = 16;

  private final PruneConfig config;
  private final JobContext context;
  private final ParentModel parent;
  private final Calibration.Machine machine;
  private final Optional<Text> text;

  PruneRun(
      PruneConfig config,
      JobContext context,
      ParentModel parent,
      Calibration.Machine machine,
      Optional<Text> text) {
    this.config = config;
    this.context = context;
    this.parent = parent;
    this.machine = machine;
    this.text = text;
  }

  /** Whether an output holds something that was found about a model. */
  static boolean isBegun(Path output) {
    return Files.exists(output.resolve(WORK))
        || Artefact.isArtefact(output.resolve(ImportanceStage.KIND));
  }

  void run() {
    context.progress().line("parent: " + parent.shape().describe());
    Path work = context.output().resolve(WORK);
    Path interim = work.resolve(parent.id().substring(0, SHORT));
    ImportanceStage importance = new ImportanceStage(config, context);
    ImportanceScores scores;
    try (Calibration calibration = calibration(interim.resolve("importance"))) {
      scores = importance.run(parent, calibration);
    }
    Artefact model;
    try (Calibration calibration = calibration(interim.resolve("decision"))) {
      DecisionStage decision = new DecisionStage(config, context, parent);
      model = apply(decision.run(new PruningTask(scores, calibration)), importance.directory());
    }
    report(model);
    InterimFiles.remove(work);
  }

  private Artefact apply(DecisionStage.Decision decision, Path importance) {
    ReshapePlan plan = decision.plan();
    Path directory = context.output().resolve("model");
    Instant now = context.clock().instant();
    StageCompute stage =
        new StageCompute(
            Provenance.runId(PruneJob.NAME, context.configYaml(), now),
            PruneJob.NAME,
            0,
            plan.target(parent.shape()).parameterCount(),
            decision.flops(),
            decision.seconds());
    ReshapedCheckpoint checkpoint =
        new ReshapedCheckpoint(
            parent,
            plan,
            new ReshapedCheckpoint.Origin(
                PruneJob.NAME, context.configYaml(), List.of(importance), List.of(stage), now));
    if (!checkpoint.isWritten(directory)) {
      context.progress().status("writing " + directory);
      checkpoint.write(directory);
      context.progress().line("saved " + directory);
    }
    return Artefact.open(directory);
  }

  private void report(Artefact model) {
    Optional<ReshapeReport.HeldOut> heldOut =
        text.map(
            found ->
                new ReshapeReport.HeldOut(
                    found.heldOutWindows(),
                    config.calibration().microBatch(),
                    config.evaluate().windows()));
    new ReshapeReport(context, parent, machine.backend(), machine.precision(), heldOut).run(model);
  }

  private Calibration calibration(Path interim) {
    RandomKey key = RandomKey.of(config.seed());
    InterimFiles files = new InterimFiles(interim, config.calibration().saveEvery());
    Optional<Calibration.Windows> windows =
        text.map(
            found ->
                new Calibration.Windows(
                    found.shuffled(key.child("windows").value()),
                    config.calibration().windows(),
                    config.calibration().microBatch()));
    Calibration.Run run = new Calibration.Run(files, context.progress(), context.cancellation());
    return new Calibration(parent, machine, windows, key.child("importance"), run);
  }
}
