package io.kanana.cli;

import io.kanana.cli.page.RunPage;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "report",
    description = "Draw a page of HTML about a run, of one job or a pipeline, from what it left.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "The output of a job; it may still be running.")
  private Path run;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where the page goes; report.html in the run if not given.")
  private Path output;

  @Override
  public void run() {
    Path file = output == null ? run.resolve(RunPage.FILE) : output;
    new RunPage(run).write(file);
    spec.commandLine().getOut().println(file);
  }
}
