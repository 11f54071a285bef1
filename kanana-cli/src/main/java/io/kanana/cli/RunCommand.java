package io.kanana.cli;

import io.kanana.cli.page.RunPage;
import io.kanana.core.error.KananaException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.CompositeConfig;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "run",
    description = "Run the job that a configuration file describes.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  /** So many of the last answers are shown at the end. */
  private static final int ANSWERS = 6;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "A YAML file with `job:` and its sections.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = "Lay a value over the file: --set train.until.steps=100. Can be repeated.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = "--dry-run",
      description = "Print the resolved configuration and what it would take, and do nothing.")
  private boolean dryRun;

  @Option(names = "--resume", description = "Go on from what the output directory holds.")
  private boolean resume;

  @Override
  public Integer call() {
    ConfiguredJob<?> job =
        Jobs.load(RunCommand.class.getClassLoader()).configure(file, assignments);
    if (dryRun) {
      print(job);
      return 0;
    }
    Clock clock = Clock.systemUTC();
    try (ConsoleProgress progress = ConsoleProgress.standardOutput(clock)) {
      Cancellation cancellation = new Cancellation();
      Signals signals = Signals.install(cancellation, progress);
      job.run(resume, progress, clock, cancellation);
      if (cancellation.requested()) {
        progress.line("stopped; add --resume to the same command to go on");
      } else if (job.config() instanceof CompositeConfig composite) {
        showWhatCameOf(composite.output(), progress);
      }
      return signals.exitStatus();
    }
  }

  /** What of the outcome cannot be shown does not undo what the jobs did. */
  private static void showWhatCameOf(Path output, Progress progress) {
    try {
      RunPage page = new RunPage(output);
      page.answers(ANSWERS).forEach(progress::line);
      page.talker().ifPresent(model -> progress.line("chat  ./kanana chat '" + model + "'"));
      page.write(output.resolve(RunPage.FILE));
      progress.line("page  " + output.resolve(RunPage.FILE));
    } catch (KananaException e) {
      progress.line("no page: " + e.getMessage());
    }
  }

  private void print(ConfiguredJob<?> job) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(job.configYaml());
    out.println();
    out.println(job.plan());
  }
}
