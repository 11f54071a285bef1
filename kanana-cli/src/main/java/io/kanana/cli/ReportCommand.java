package io.kanana.cli;

import io.kanana.cli.page.RunPage;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
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
    Path file = output == null ? run.resolve("report.html") : output;
    String page = new RunPage(run).html();
    try {
      WholeFile.write(file.toAbsolutePath(), page);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be written: " + Reason.of(e), e);
    }
    spec.commandLine().getOut().println(file);
  }
}
