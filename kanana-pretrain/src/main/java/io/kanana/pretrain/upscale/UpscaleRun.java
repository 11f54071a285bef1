package io.kanana.pretrain.upscale;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.job.JobContext;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.ParentModel;
import io.kanana.pretrain.OptimizerState;
import io.kanana.pretrain.reshape.ReshapePlan;
import io.kanana.pretrain.reshape.ReshapePlanFile;
import io.kanana.pretrain.reshape.ReshapeReport;
import io.kanana.pretrain.reshape.ReshapedCheckpoint;
import io.kanana.pretrain.reshape.TextStage.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One run of the job: plan, model, report, recovery. What an earlier run of the same output
 * finished is taken as it is, a plan that was edited since included.
 */
final class UpscaleRun {
  private final UpscaleConfig config;
  private final JobContext context;
  private final ParentModel parent;
  private final TensorBackend backend;
  private final Optional<Text> text;

  UpscaleRun(
      UpscaleConfig config,
      JobContext context,
      ParentModel parent,
      TensorBackend backend,
      Optional<Text> text) {
    this.config = config;
    this.context = context;
    this.parent = parent;
    this.backend = backend;
    this.text = text;
  }

  static boolean isBegun(Path output) {
    return Files.exists(output.resolve(ReshapePlanFile.NAME));
  }

  void run() {
    context.progress().line("parent: " + parent.shape().describe());
    ReshapePlan plan = plan();
    Artefact model = apply(plan);
    Precision precision = config.compute().precision();
    Optional<ReshapeReport.HeldOut> heldOut = text.map(this::heldOut);
    ReshapeReport report = new ReshapeReport(context, parent, backend, precision, heldOut);
    report.run(model);
    if (config.recovery().until().isPresent()) {
      recover(model.directory(), heldOut.orElseThrow(), report);
    }
  }

  private void recover(Path start, ReshapeReport.HeldOut heldOut, ReshapeReport report) {
    RecoveryStage stage = new RecoveryStage(config, context, backend);
    if (stage.run(start, text.orElseThrow(), heldOut)) {
      RecoveryCurve curve = RecoveryCurve.read(RecoveryStage.metrics(context.output()));
      report.add("recovery", curve.toJson(report.parentLoss()));
      context.progress().line(curve.describe(report.parentLoss()));
    }
  }

  private ReshapeReport.HeldOut heldOut(Text found) {
    return new ReshapeReport.HeldOut(
        found.heldOutWindows(), config.evaluate().microBatch(), config.evaluate().windows());
  }

  private ReshapePlan plan() {
    Path file = context.output().resolve(ReshapePlanFile.NAME);
    if (!Files.exists(file)) {
      ReshapePlan plan = config.layers().plan(parent.shape(), config.identity());
      ReshapePlanFile.write(file, parent.asParent(), parent.shape(), plan);
    }
    ReshapePlan plan = ReshapePlanFile.read(file, parent.shape());
    context
        .progress()
        .line("layers " + plan.sources() + ": " + plan.target(parent.shape()).describe());
    return plan;
  }

  private Artefact apply(ReshapePlan plan) {
    Path directory = context.output().resolve("model");
    ReshapedCheckpoint checkpoint =
        new ReshapedCheckpoint(
            parent,
            plan,
            new ReshapedCheckpoint.Origin(
                UpscaleJob.NAME,
                context.configYaml(),
                List.of(),
                List.of(),
                context.clock().instant()));
    if (!checkpoint.isWritten(directory)) {
      context.progress().status("writing " + directory);
      if (config.optimizerState() == OptimizerState.COPY) {
        checkpoint.writeWithOptimizer(directory);
      } else {
        checkpoint.write(directory);
      }
      context.progress().line("saved " + directory);
    }
    return Artefact.open(directory);
  }
}
