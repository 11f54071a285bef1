package io.kanana.pretrain.prune;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.config.Names;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.job.JobContext;
import io.kanana.core.train.ParentModel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Estimates the importance of a model's units, or takes the estimate that is there. */
final class ImportanceStage {
  static final String KIND = "importance";

  private final PruneConfig config;
  private final JobContext context;

  ImportanceStage(PruneConfig config, JobContext context) {
    this.config = config;
    this.context = context;
  }

  Path directory() {
    return context.output().resolve(KIND);
  }

  boolean isDone() {
    return Artefact.isArtefact(directory());
  }

  ImportanceScores run(ParentModel parent, Calibration calibration) {
    Artefact.recover(directory());
    if (!isDone()) {
      return estimate(parent, calibration);
    }
    Artefact artefact = Artefact.open(directory());
    artefact.verify();
    if (!artefact.manifest().parents().contains(parent.id())) {
      throw new CheckpointException(
          directory()
              + ": was estimated for another model than the one in "
              + parent.directory()
              + "; remove it to estimate again, or give another output");
    }
    return ImportanceScores.read(artefact.file(ImportanceScores.FILE));
  }

  private ImportanceScores estimate(ParentModel parent, Calibration calibration) {
    List<AxisScores> scores = new ArrayList<>();
    for (ImportanceEstimator.Config estimator : config.importance()) {
      scores.addAll(estimator.create().estimate(calibration));
    }
    ImportanceScores all = new ImportanceScores(scores);
    write(all, parent, calibration);
    String axes = all.axes().stream().map(Names::of).collect(Collectors.joining(", "));
    context.progress().line("importance of " + axes + " in " + directory());
    return all;
  }

  private void write(ImportanceScores scores, ParentModel parent, Calibration calibration) {
    List<Provenance.Parent> parents = List.of(parent.asParent());
    try (ArtefactWriter artefact = ArtefactWriter.create(directory(), KIND, List.of(parent.id()))) {
      scores.write(artefact);
      artefact.write("config.yaml", context.configYaml());
      artefact.write(Provenance.FILE, provenance(parents, parent, calibration).toJson());
      artefact.commit();
    }
  }

  private Provenance provenance(
      List<Provenance.Parent> parents, ParentModel parent, Calibration calibration) {
    Instant now = context.clock().instant();
    StageCompute stage =
        new StageCompute(
            Provenance.runId(PruneJob.NAME, context.configYaml(), now),
            KIND,
            0,
            parent.shape().parameterCount(),
            calibration.flops(),
            calibration.seconds());
    TreeMap<String, String> software = new TreeMap<>();
    software.put("java", System.getProperty("java.version"));
    software.put("back end", calibration.backend().description());
    return new Provenance(
        PruneJob.NAME,
        now,
        context.configYaml(),
        parents,
        List.of(stage),
        Provenance.ancestry(parent.provenance().stream().toList()),
        software);
  }
}
