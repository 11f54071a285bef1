package io.kanana.data.filter.run;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.config.Names;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.RunInputs;
import io.kanana.core.job.Stopped;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The job {@code filter}: documents to those that a cascade of steps keeps, and why not others. */
public final class FilterJob implements Job<FilterConfig> {
  static final String NAME = "filter";

  private static final List<String> INPUTS =
      List.of("seed", "data", "steps", "shards", "tokenizer", "fields", "samples", "labels");

  private final LongSupplier nanoTime;

  public FilterJob() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime for the time that each step takes
   */
  FilterJob(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "Keeps, changes or drops documents by a cascade of steps, and shows where they went.";
  }

  @Override
  public Class<FilterConfig> configType() {
    return FilterConfig.class;
  }

  @Override
  public JobPlan plan(FilterConfig config) {
    String steps =
        config.steps().stream()
            .map(step -> Names.ofPart(step.getClass()))
            .collect(Collectors.joining(", "));
    JobPlan plan =
        JobPlan.empty()
            .with("sources", Integer.toString(config.data().documents().size()))
            .with("steps", config.steps().size() + ": " + steps);
    return config.compute().plan(plan, config.shards());
  }

  @Override
  public void run(FilterConfig config, JobContext context) {
    List<String> names = NamedStep.names(Yaml.read(context.configYaml()).get("steps"));
    config.labels().checkSteps(names);
    Path kept = context.output().resolve(Assembly.KEPT);
    WorkDirectory work = WorkDirectory.of(context.output());
    boolean done = Artefact.isArtefact(kept);
    new RunInputs(context, INPUTS, "the documents").keep(done || Files.exists(work.path()));
    Summary summary = new Summary(config, context);
    try {
      if (done) {
        context.progress().line("the documents in " + kept + " are there already");
        Artefact.open(kept).verify();
        checkFormat(Artefact.open(kept), config.write().format());
        Artefact.open(context.output().resolve(Assembly.DROPPED)).verify();
      } else {
        filter(config, context, names);
      }
      work.remove();
      summary.tell();
    } catch (Stopped _) {
      // finished shards stay, and a resumed run takes them
    }
  }

  /** Finished shards are written in any format, finished documents are not written again. */
  private static void checkFormat(Artefact kept, FilterConfig.Write.Format asked) {
    for (FilterConfig.Write.Format each : FilterConfig.Write.Format.values()) {
      boolean written =
          kept.manifest().files().keySet().stream()
              .anyMatch(file -> file.endsWith(each.extension()));
      if (written && each != asked) {
        throw new ConfigException(
            "write.format",
            "is another one than that of the documents in "
                + kept.directory()
                + ", which are there already; put it back, or give another output");
      }
    }
  }

  private void filter(FilterConfig config, JobContext context, List<String> names) {
    try (Cascade cascade = prepared(config, context, names)) {
      FilterRun run = new FilterRun(config, context, cascade, WorkDirectory.of(context.output()));
      try (Engine engine = config.compute().create(run)) {
        Input input = new StageRun(run, engine).finish();
        context.progress().status("writing kept and dropped documents");
        new Assembly(run, engine, input).run();
      }
    }
  }

  private Cascade prepared(FilterConfig config, JobContext context, List<String> names) {
    return Cascade.of(
        config, names, name -> context.progress().status("preparing " + name), nanoTime);
  }
}
