package io.kanana.core.pipeline;

import io.kanana.core.extension.Extensions;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Told;
import io.kanana.core.study.StudyJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Pipelines and studies of {@link CopyJob}s in a directory, and what they tell. */
public final class CopyRun {
  private final Path directory;

  /** The job that they consist of. */
  public final CopyJob job = new CopyJob();

  private Told told = new Told();

  private final Jobs jobs =
      Jobs.of(
          List.of(job, new PipelineJob(), new StudyJob()),
          Extensions.of(),
          CopyRun.class.getClassLoader());

  public CopyRun(Path directory) {
    this.directory = directory;
  }

  /** The job in a YAML text, whose output is {@link #output}. */
  public ConfiguredJob<?> configure(String yaml, String... assignments) {
    try {
      Path file = Files.writeString(directory.resolve("run.yaml"), yaml);
      List<String> all = new ArrayList<>(List.of("output=" + output()));
      all.addAll(List.of(assignments));
      return jobs.configure(file, all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path output() {
    return directory.resolve("out");
  }

  /** What the copy in a job's directory says. */
  public String text(String jobDirectory) throws IOException {
    return Files.readString(output().resolve(jobDirectory).resolve("copy/text"));
  }

  public void run(boolean resume, String yaml, String... assignments) {
    run(new Cancellation(), resume, yaml, assignments);
  }

  public void run(Cancellation cancellation, boolean resume, String yaml, String... assignments) {
    told = new Told();
    job.runs.clear();
    configure(yaml, assignments).run(resume, told, Clock.systemUTC(), cancellation);
  }

  /** What the last run told. */
  public List<String> told() {
    return told.lines();
  }

  /** The directories that jobs ran in, relative to the output. */
  public List<String> ran() {
    return job.runs.stream().map(path -> output().relativize(path).toString()).toList();
  }
}
