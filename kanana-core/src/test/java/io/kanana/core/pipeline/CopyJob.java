package io.kanana.core.pipeline;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.config.Check;
import io.kanana.core.config.OneOf;
import io.kanana.core.error.DataException;
import io.kanana.core.job.Job;
import io.kanana.core.job.JobConfig;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A job that writes a text after those of its inputs, as an artefact; measures a number. */
public final class CopyJob implements Job<CopyJob.Config> {
  /** How long it would take. */
  @OneOf
  public record Until(OptionalLong steps, OptionalLong tokens) {}

  /** The whole text is that of each input, then this, then the seed. */
  public record Config(
      Path output, long seed, String text, List<Path> inputs, Until until, double worth)
      implements JobConfig {
    public Config {
      Check.that(!text.isBlank(), "text", "must not be blank, got \"%s\"", text);
    }
  }

  /** The output directory of each run, in order. */
  public final List<Path> runs = new ArrayList<>();

  /** Called at the beginning of each run. */
  public Consumer<JobContext> during = context -> {};

  @Override
  public String name() {
    return "copy";
  }

  @Override
  public String summary() {
    return "Copies.";
  }

  @Override
  public Class<Config> configType() {
    return Config.class;
  }

  @Override
  public JobPlan plan(Config config) {
    Check.that(!config.text().equals("unplannable"), "text", "must be plannable");
    return JobPlan.empty().with("inputs", Integer.toString(config.inputs().size()));
  }

  @Override
  public void run(Config config, JobContext context) {
    runs.add(context.output());
    context.progress().line("copying");
    during.accept(context);
    if (context.cancellation().requested()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    config.inputs().forEach(input -> text.append(read(input)));
    text.append(config.text()).append(config.seed()).append(' ');
    write(context.output().resolve("copy"), text.toString(), config.worth() + config.seed() / 10.0);
  }

  private static void write(Path target, String text, double worth) {
    if (Artefact.isArtefact(target) && read(target.resolve("text")).equals(text)) {
      Artefact.open(target).verify();
      return;
    }
    try (ArtefactWriter artefact = ArtefactWriter.create(target, "copy", List.of())) {
      artefact.write("text", text);
      artefact.write("worth", Double.toString(worth));
      artefact.commit();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read", e);
    }
  }

  @Override
  public SortedMap<String, Double> measurements(Path output) {
    SortedMap<String, Double> measurements = new TreeMap<>();
    measurements.put("worth", Double.parseDouble(read(output.resolve("copy/worth"))));
    return measurements;
  }
}
