package io.kanana.core.error;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be run, with every problem that was found in it. */
public final class ConfigException extends KananaException {
  private final List<Problem> problems;

  public ConfigException(List<Problem> problems) {
    super(2, problems.stream().map(Problem::toString).collect(Collectors.joining("\n")), null);
    this.problems = List.copyOf(problems);
  }

  public ConfigException(String path, String message) {
    this(List.of(new Problem(path, message)));
  }

  /** The same problems, found in a section of that path. */
  public ConfigException below(String section) {
    return new ConfigException(
        problems.stream()
            .map(
                problem ->
                    new Problem(
                        problem.path().isEmpty() ? section : section + "." + problem.path(),
                        problem.message()))
            .toList());
  }

  @Override
  public ConfigException within(String part) {
    return new ConfigException(
        problems.stream().map(problem -> new Problem(part, problem.toString())).toList());
  }

  /** All problems, in the order of the configuration; never empty. */
  public List<Problem> problems() {
    return problems;
  }
}
