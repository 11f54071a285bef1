package io.kanana.cli;

import io.kanana.cli.page.RunServer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "serve",
    description = "Show the page of a run on this machine, as it grows, until Ctrl-C.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "The output of a job; it may still be running.")
  private Path run;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8765",
      description = "On 127.0.0.1 (${DEFAULT-VALUE}); 0 for any that is free.")
  private int port;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (RunServer server = RunServer.start(run, port)) {
      out.println(server.address());
      out.flush();
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
