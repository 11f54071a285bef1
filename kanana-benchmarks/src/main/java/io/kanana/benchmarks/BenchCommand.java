package io.kanana.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "bench",
    description = "Measure how fast this machine is, and which share of its peak that is.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainCommand.class,
      DistillCommand.class,
      GenerateCommand.class,
      KernelsCommand.class,
      TokenizerCommand.class,
      MinHashCommand.class,
      ClassifierCommand.class,
      FiltersCommand.class
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandLine command = spec.commandLine();
    command.usage(command.getOut());
  }
}
