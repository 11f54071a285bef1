package io.kanana.cli;

import io.kanana.cli.page.RunDifference;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "diff",
    description =
        "Say how a run differs from another: settings, what it was made from and by, and results.",
    mixinStandardHelpOptions = true)
final class DiffCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "BEFORE", description = "The output of a job.")
  private Path before;

  @Parameters(index = "1", paramLabel = "AFTER", description = "That of another.")
  private Path after;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    List<String> lines = new RunDifference(before, after).lines();
    lines.forEach(out::println);
    if (lines.isEmpty()) {
      out.println("no difference");
    }
  }
}
