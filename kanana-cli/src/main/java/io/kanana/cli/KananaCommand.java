package io.kanana.cli;

import io.kanana.core.config.Names;
import io.kanana.core.error.KananaException;
import io.kanana.core.extension.CommandExtension;
import io.kanana.core.extension.Services;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: what can be said, and what every mistake in it looks like. */
@Command(
    name = "kanana",
    description = "Make language models on the JVM, end to end.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      GenerateCommand.class,
      ChatCommand.class,
      ListCommand.class,
      InspectCommand.class,
      LogitsCommand.class,
      EvalCommand.class,
      ReportCommand.class,
      DiffCommand.class,
      ServeCommand.class
    },
    mixinStandardHelpOptions = true)
final class KananaCommand implements Runnable {
  /** A bug of ours, as in {@code sysexits.h}. */
  private static final int BUG = 70;

  private static final int USAGE = 2;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs {@code arguments}; problems are printed, never thrown. Returns the exit status. */
  static int execute(String... arguments) {
    CommandLine command = new CommandLine(new KananaCommand());
    try {
      return configured(command).execute(arguments);
    } catch (KananaException e) {
      return failure(e, command); // a jar's command that cannot be added
    } catch (Error e) {
      return bug(e, command);
    }
  }

  static CommandLine commandLine() {
    return configured(new CommandLine(new KananaCommand()));
  }

  private static CommandLine configured(CommandLine kanana) {
    Services.load(CommandExtension.class, KananaCommand.class.getClassLoader())
        .forEach(extension -> kanana.addSubcommand(extension.name(), extension.command()));
    return kanana
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, _) -> usage(e))
        .setExecutionExceptionHandler((e, command, _) -> failure(e, command));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int usage(ParameterException e) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("error: " + firstLine(e.getMessage()));
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> known = new ArrayList<>(command.getSubcommands().keySet());
      known.addAll(command.getCommandSpec().optionsMap().keySet());
      Names.nearest(unmatched.getUnmatched().getFirst(), known)
          .ifPresent(name -> err.println("did you mean " + name + "?"));
    }
    err.println("try: " + command.getCommandSpec().qualifiedName() + " --help");
    return USAGE;
  }

  private static int failure(Exception e, CommandLine command) {
    if (!(e instanceof KananaException known)) {
      return bug(e, command);
    }
    known.getMessage().lines().forEach(line -> command.getErr().println("error: " + line));
    return known.exitCode();
  }

  private static int bug(Throwable e, CommandLine command) {
    e.printStackTrace(command.getErr());
    command
        .getErr()
        .println("error: this is a bug in kanana; please report it with the lines above");
    command.getErr().flush();
    return BUG;
  }

  /** Picocli writes "Error: " before some of its messages, and lists options below. */
  private static String firstLine(String message) {
    String line = message.lines().findFirst().orElse(message);
    return line.startsWith("Error: ") ? line.substring("Error: ".length()) : line;
  }
}
