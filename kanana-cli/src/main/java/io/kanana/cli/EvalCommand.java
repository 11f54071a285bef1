package io.kanana.cli;

import io.kanana.core.extension.Extensions;
import io.kanana.eval.metric.MetricContext;
import io.kanana.eval.report.Comparison;
import io.kanana.eval.task.DataFiles;
import io.kanana.eval.task.TaskLibrary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "eval",
    description = {
      "Look at benchmark tasks and results.",
      "To measure a model, run a file with `job: evaluate`: kanana run FILE."
    },
    subcommands = {EvalCommand.Compare.class, EvalCommand.Tasks.class},
    mixinStandardHelpOptions = true)
final class EvalCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @Command(
      name = "compare",
      description = {
        "Compare the results of two models on the same questions.",
        "Each figure comes with the difference, its 95 % interval (bootstrap over questions) and the"
            + " probability of such a difference by chance: McNemar's exact test where scores are 0 or 1."
      },
      mixinStandardHelpOptions = true)
  static final class Compare implements Runnable {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "A", index = "0", description = "The output of an evaluation.")
    private Path first;

    @Parameters(paramLabel = "B", index = "1", description = "The output of another.")
    private Path second;

    @Option(
        names = "--examples",
        paramLabel = "N",
        defaultValue = "10",
        description = "The most questions to show of those that changed (${DEFAULT-VALUE}).")
    private int examples;

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      Comparison.of(first, second).lines(examples).forEach(out::println);
    }
  }

  @Command(
      name = "tasks",
      description = "List the tasks, groups and tags that `tasks:` can name.",
      mixinStandardHelpOptions = true)
  static final class Tasks implements Runnable {
    @Spec private CommandSpec spec;

    @Option(
        names = "--task-directory",
        paramLabel = "DIR",
        description = "Task files of one's own. Can be repeated.")
    private List<Path> directories = new ArrayList<>();

    @Override
    public void run() {
      TaskLibrary library =
          TaskLibrary.of(
              directories,
              Extensions.load(EvalCommand.class.getClassLoader()),
              new MetricContext(false),
              new DataFiles(Path.of(""), Map.of()));
      PrintWriter out = spec.commandLine().getOut();
      library.names().forEach((name, kind) -> out.println(name + "  " + kind));
    }
  }
}
