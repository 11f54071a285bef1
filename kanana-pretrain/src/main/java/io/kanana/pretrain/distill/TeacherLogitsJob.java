package io.kanana.pretrain.distill;

import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.ParentModel;
import io.kanana.pretrain.reshape.TextStage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The job {@code teacher-logits}: the most probable tokens of a teacher at every target of a text,
 * for students that learn from them without it.
 */
public final class TeacherLogitsJob implements Job<TeacherLogitsConfig> {
  static final String NAME = "teacher-logits";

  private static final List<String> INPUTS =
      List.of("seed", "model", "data", "sequences", "top-k", "temperature", "stored-as");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Stores a teacher's most probable tokens for students.";
  }

  @Override
  public Class<TeacherLogitsConfig> configType() {
    return TeacherLogitsConfig.class;
  }

  @Override
  public JobPlan plan(TeacherLogitsConfig config) {
    TensorBackends.checkName("compute.backend", config.compute().backend());
    Path file = config.model().resolve(HuggingFaceConfig.FILE);
    if (!Files.exists(file)) {
      return JobPlan.empty().with("teacher", "not there yet: " + config.model());
    }
    ModelConfig teacher = HuggingFaceConfig.read(file).model();
    int window = config.data().contextLength().orElse(teacher.contextLength());
    double tokens = (double) config.sequences() * window;
    double flops = tokens * teacher.trainingFlopsPerToken(window) / 3;
    int ids = teacher.vocabularySize() <= 1 << 16 ? 2 : Integer.BYTES;
    int logs = config.storedAs().bytes();
    double bytes = tokens * (config.topK() * (ids + logs) + logs);
    return JobPlan.empty()
        .with("teacher", teacher.describe())
        .with("tokens", String.format(Locale.ROOT, "%,.0f", tokens))
        .with("operations", String.format(Locale.ROOT, "%.3g FLOP", flops))
        .with("disk", String.format(Locale.ROOT, "at most %,.0f MiB", Math.ceil(bytes / 1048576)));
  }

  @Override
  public void run(TeacherLogitsConfig config, JobContext context) {
    try (ParentModel teacher = ParentModel.open(config.model())) {
      TextStage texts = new TextStage(config.data(), config.compute().threadCount(), context);
      boolean begun = texts.isDone() || Files.exists(context.output().resolve(LogitsHeader.FILE));
      new RunInputs(context, INPUTS, "tokens and answers").keep(begun);
      try (TextStage.Text text = texts.run(teacher).orElseThrow();
          TensorBackend backend =
              TensorBackends.open(config.compute().backend(), config.compute().threadCount())) {
        new TeacherLogitsRun(config, context, teacher, backend, text).run();
      }
    } catch (Stopped _) {
      // what was made so far is kept, and a resumed run goes on from it
    }
  }
}
