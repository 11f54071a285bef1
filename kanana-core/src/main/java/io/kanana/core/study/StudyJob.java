package io.kanana.core.study;

import io.kanana.core.config.Names;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.KananaException;
import io.kanana.core.error.NumericalException;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.JobSection;
import io.kanana.core.pipeline.Chain;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/**
 * The job {@code study}: an experiment. Each arm's jobs run with each seed; a number that one of
 * them measured is compared between the arms, and with the spread that the seeds alone make.
 */
public final class StudyJob implements Job<StudyConfig> {
  @Override
  public String name() {
    return "study";
  }

  @Override
  public String summary() {
    return "Runs jobs in several arms with several seeds, compares what they measured, and says which claims hold.";
  }

  @Override
  public Class<StudyConfig> configType() {
    return StudyConfig.class;
  }

  @Override
  public JobPlan plan(StudyConfig config) {
    List<ConfigException> refused = new ArrayList<>();
    JobPlan plan = JobPlan.empty().with("finding", config.finding());
    plan = with(plan, shared(config), refused);
    for (String arm : config.arms().keySet()) {
      long done = config.seeds().stream().filter(seed -> chain(config, arm, seed).isDone()).count();
      plan =
          with(
              plan.with("arm " + arm, config.seeds().size() + " seeds, " + done + " of them done"),
              chain(config, arm, config.seeds().getFirst()),
              refused);
    }
    if (!refused.isEmpty()) {
      throw new ConfigException(
          refused.stream().flatMap(refusal -> refusal.problems().stream()).toList());
    }
    return plan;
  }

  /**
   * Where the output of a study has what it found, once it has come to that: {@code finding},
   * {@code reported}, {@code measure}, {@code arms} with their values and what they took, and
   * {@code claims} with their verdicts.
   */
  public static Path report(Path output) {
    return output.resolve(StudyConfig.REPORT).resolve(StudyReport.JSON_FILE);
  }

  private static JobPlan with(JobPlan plan, Chain chain, List<ConfigException> refused) {
    JobPlan longer = plan;
    try {
      for (JobPlan.Entry entry : chain.plan().entries()) {
        longer = longer.with(entry.quantity(), entry.value());
      }
    } catch (ConfigException e) {
      refused.add(e);
    }
    return longer;
  }

  private static Chain shared(StudyConfig config) {
    Path home = config.output().resolve(StudyConfig.SHARED);
    return new Chain(
        StudyConfig.SHARED, config.shared(), new Chain.Place(home, config.seed(), Map.of()));
  }

  private static Chain chain(StudyConfig config, String arm, long seed) {
    Path home = config.output().resolve(arm).resolve("seed-" + seed);
    List<JobSection> jobs = config.arms().get(arm).stream().map(job -> job.withSeed(seed)).toList();
    return new Chain(
        StudyConfig.key(arm), jobs, new Chain.Place(home, seed, shared(config).outputs()));
  }

  /** Seeds one after the other, so that an interrupted study has pairs to compare. */
  @Override
  public void run(StudyConfig config, JobContext context) {
    context.keepConfig(); // what is there is judged job by job
    if (!shared(config).run(context)) {
      return;
    }
    Map<String, ArmResult> results = new LinkedHashMap<>();
    config.arms().keySet().forEach(arm -> results.put(arm, ArmResult.none()));
    for (long seed : config.seeds()) {
      for (String arm : config.arms().keySet()) {
        JobContext part = context.within(arm + ", seed " + seed);
        Chain chain = chain(config, arm, seed);
        if (!run(chain, part, arm + ", seed " + seed)) {
          return;
        }
        double value = measured(config, arm, chain);
        part.progress().line(config.measure().metric() + " " + StudyReport.number(value));
        results.computeIfPresent(
            arm, (_, result) -> result.with(seed, value, cost(config, arm, chain)));
      }
    }
    StudyReport report = StudyReport.of(config, results);
    report.write(context.output().resolve(StudyConfig.REPORT));
    report.lines().forEach(context.progress()::line);
  }

  private static boolean run(Chain chain, JobContext context, String part) {
    try {
      return chain.run(context);
    } catch (KananaException e) {
      throw e.within(part);
    }
  }

  /** What the arm's own jobs took; those that they go on from are in their provenance. */
  private static Cost cost(StudyConfig config, String arm, Chain chain) {
    return Cost.of(
        config.arms().get(arm).stream().map(job -> chain.outputs().get(job.name())).toList());
  }

  private static double measured(StudyConfig config, String arm, Chain chain) {
    StudyConfig.Measure measure = config.measure();
    JobSection job =
        config.arms().get(arm).stream()
            .filter(section -> section.name().equals(measure.from()))
            .findFirst()
            .orElseThrow();
    Path output = chain.outputs().get(measure.from());
    SortedMap<String, Double> measurements = job.measurements(output);
    Double value = measurements.get(measure.metric());
    if (value == null) {
      throw new ConfigException(
          "measure.metric",
          String.format(
              Locale.ROOT,
              "%s in %s measured no \"%s\"; %s",
              measure.from(),
              output,
              measure.metric(),
              Names.suggestion(measure.metric(), measurements.keySet())));
    }
    if (!Double.isFinite(value)) {
      throw new NumericalException(
          output + ": " + measure.metric() + " is " + value + ", which cannot be compared");
    }
    return value;
  }
}
