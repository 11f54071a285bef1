package io.kanana.cli;

import io.kanana.core.config.ConfigFields;
import io.kanana.core.config.Names;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extension;
import io.kanana.core.job.Job;
import io.kanana.core.job.Jobs;
import io.kanana.core.tensor.TensorBackendProvider;
import io.kanana.core.tensor.TensorBackends;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    description = {
      "List the jobs, extensions and back ends on the class path, their keys and their jars."
    },
    mixinStandardHelpOptions = true)
final class ListCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "Only what has this name or is of this kind.")
  private String name;

  private final Set<String> known = new TreeSet<>();
  private boolean found;

  @Override
  public void run() {
    Jobs jobs = Jobs.load(ListCommand.class.getClassLoader());
    for (Job<?> job : jobs.all()) {
      if (isWanted("job", job.name())) {
        String location = Extension.location(job.getClass());
        print("job", job.name(), job.summary(), location, jobs.fields(job));
      }
    }
    for (Extension<?> extension : jobs.extensions().all()) {
      String kind = Extension.kindName(extension.kind());
      if (isWanted(kind, extension.name())) {
        List<ConfigFields.Field> fields =
            ConfigFields.of(extension.config(), extension.defaultTree());
        print(kind, extension.name(), extension.summary(), extension.location(), fields);
      }
    }
    for (TensorBackendProvider backend : TensorBackends.providers()) {
      if (isWanted("backend", backend.name())) {
        String location = Extension.location(backend.getClass());
        print("backend", backend.name(), summary(backend), location, List.of());
      }
    }
    if (!found) {
      throw new ConfigException(
          name, "is no job, extension, back end or kind of them; " + Names.suggestion(name, known));
    }
  }

  private static String summary(TensorBackendProvider backend) {
    return backend.obstacle().isEmpty()
        ? "Can run here."
        : "Cannot run here: " + backend.obstacle();
  }

  private boolean isWanted(String kind, String candidate) {
    known.add(kind);
    known.add(candidate);
    boolean wanted = name == null || name.equals(candidate) || name.equals(kind);
    found |= wanted;
    return wanted;
  }

  private void print(
      String kind, String title, String summary, String location, List<ConfigFields.Field> fields) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(kind + " " + title + " - " + summary);
    int width = fields.stream().mapToInt(field -> field.path().length()).max().orElse(0);
    for (ConfigFields.Field field : fields) {
      String padded = field.path() + " ".repeat(width - field.path().length());
      out.println(
          "  " + padded + "  " + field.type() + field.value().map(v -> " = " + v).orElse(""));
    }
    out.println("  in " + location);
    out.println();
  }
}
