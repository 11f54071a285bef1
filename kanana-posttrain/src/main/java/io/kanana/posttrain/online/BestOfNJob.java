package io.kanana.posttrain.online;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import io.kanana.core.train.TrainingPlan;
import io.kanana.posttrain.ChatParent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The job {@code best-of-n}: a model answers questions N times, every candidate reward chooses the
 * best, and a judge says which candidate chooses best (the Kanana report, section 3.3.2).
 */
public final class BestOfNJob implements Job<BestOfNConfig> {
  static final String NAME = "best-of-n";

  private static final List<String> INPUTS =
      List.of("seed", "model", "data", "questions", "answers", "candidates", "judge");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Compares rewards by the answers that they choose among N.";
  }

  @Override
  public Class<BestOfNConfig> configType() {
    return BestOfNConfig.class;
  }

  @Override
  public JobPlan plan(BestOfNConfig config) {
    TensorBackends.checkName("compute.backend", config.compute().backend());
    return JobPlan.empty()
        .with("model", TrainingPlan.describe(config.model()))
        .with("answers", "at most " + (long) config.questions() * config.answers().most())
        .with("candidates", String.join(", ", config.candidates().keySet()));
  }

  @Override
  public void run(BestOfNConfig config, JobContext context) {
    boolean begun = Files.exists(context.output().resolve(BestOfNRun.ANSWERS));
    new RunInputs(context, INPUTS, "answers and scores").keep(begun);
    try (ChatParent parent = ChatParent.open(config.model(), config.data().template());
        TensorBackend backend =
            TensorBackends.open(config.compute().backend(), config.compute().threadCount())) {
      new BestOfNRun(config, context, parent, backend).run();
    } catch (Stopped _) {
      // what was made so far is kept, and a resumed run goes on from it
    }
  }

  /** The judge's mean score of what each candidate chose: {@code CANDIDATE.best-of-N}. */
  @Override
  public SortedMap<String, Double> measurements(Path output) {
    Path file = output.resolve(BestOfNRun.REPORT);
    SortedMap<String, Double> found = new TreeMap<>();
    try {
      JsonNode report = new ObjectMapper().readTree(file.toFile());
      for (JsonNode row : report.path("rows")) {
        found.put(
            row.path("candidate").asText() + ".best-of-" + row.path("n").asInt(),
            row.path("judge").asDouble());
      }
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
    return found;
  }
}
