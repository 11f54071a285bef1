package io.kanana.spark;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.KananaException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Jobs;
import io.kanana.core.job.Progress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code spark-submit} starts: {@code kanana run} with Spark as the engine.
 *
 * <pre>
 * {@code spark-submit --class io.kanana.spark.Main ... kanana-spark.jar CONFIG [--set PATH=VALUE]... [--resume]}
 * </pre>
 */
public final class Main {
  private static final String USAGE = "CONFIG [--set PATH=VALUE]... [--resume]";

  /** Lines that stay; of a status, what it is about, once: a log is no place for more. */
  private static final class Lines implements Progress {
    private String last = "";

    @Override
    public void line(String text) {
      System.out.println(text);
    }

    @Override
    public void status(String text) {
      String about = text.replaceFirst(": [^:]*$", "");
      if (!about.equals(last)) {
        last = about;
        line(about);
      }
    }
  }

  private Main() {}

  /** Ends the program with an exit status only where something failed, as Spark wants it. */
  public static void main(String[] arguments) {
    try {
      run(List.of(arguments));
    } catch (KananaException e) {
      e.getMessage().lines().forEach(line -> System.err.println("error: " + line));
      System.exit(e.exitCode());
    }
  }

  private static void run(List<String> arguments) {
    Path config = null;
    boolean resume = false;
    List<String> assignments = new ArrayList<>(List.of("compute.type=spark"));
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--resume")) {
        resume = true;
      } else if (argument.equals("--set") && i + 1 < arguments.size()) {
        assignments.add(arguments.get(++i));
      } else if (config == null && !argument.startsWith("--")) {
        config = Path.of(argument);
      } else {
        throw new ConfigException("", "unknown argument " + argument + "; give " + USAGE);
      }
    }
    if (config == null) {
      throw new ConfigException("", "there is no configuration; give " + USAGE);
    }
    Jobs.load(Main.class.getClassLoader())
        .configure(config, assignments)
        .run(resume, new Lines(), Clock.systemUTC(), new Cancellation());
  }
}
