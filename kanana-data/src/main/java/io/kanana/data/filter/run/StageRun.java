package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** Takes the whole corpus through the stages, one after the other. */
record StageRun(FilterRun run, Engine engine) {
  /**
   * What the sources gave, once all shards went through all stages.
   *
   * @throws io.kanana.core.job.Stopped where the run was asked to stop; what was finished stays
   */
  Input finish() {
    Input input = first();
    List<Stage> stages = run.cascade().stages();
    for (Stage stage : stages.subList(1, stages.size())) {
      if (!input.shards().stream().allMatch(shard -> run.work().isDone(stage, shard))) {
        String filter = run.cascade().names().get(stage.first());
        run.context().progress().status(filter + ": comparing documents");
        engine.later(stage, input.shards());
      }
    }
    return input;
  }

  private Input first() {
    if (Files.exists(run.work().input())) {
      return ShardReport.read(run.work().input(), Input.class);
    }
    Input input = engine.first();
    if (input.shards().isEmpty()) {
      throw new DataException("every document is blank; data.documents must name some text");
    }
    try {
      WholeFile.write(
          run.work().input(), new String(ShardReport.json(input), StandardCharsets.UTF_8));
      return input;
    } catch (IOException e) {
      throw new CheckpointException(
          run.work().input() + ": cannot be written (" + Reason.of(e) + ")", e);
    }
  }
}
