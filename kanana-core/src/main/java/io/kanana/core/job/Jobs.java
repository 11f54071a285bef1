package io.kanana.core.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Binder;
import io.kanana.core.config.ConfigFields;
import io.kanana.core.config.ConfigSource;
import io.kanana.core.config.Names;
import io.kanana.core.config.OpenParts;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import io.kanana.core.extension.Extension;
import io.kanana.core.extension.Extensions;
import io.kanana.core.extension.Services;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The jobs that one program knows, and how a file becomes one of them. Immutable. */
public final class Jobs implements OpenParts {
  private static final String JOB = JobSection.JOB;

  private final Map<String, Job<?>> byName = new TreeMap<>();
  private final Extensions extensions;
  private final ClassLoader resources;

  private Jobs(Iterable<? extends Job<?>> jobs, Extensions extensions, ClassLoader resources) {
    this.extensions = extensions;
    this.resources = resources;
    for (Job<?> job : jobs) {
      Job<?> other = byName.putIfAbsent(job.name(), job);
      if (other != null) {
        throw new ConfigException(
            "job " + job.name(),
            String.format(
                Locale.ROOT,
                "is defined twice, in %s and in %s; remove one",
                Extension.location(other.getClass()),
                Extension.location(job.getClass())));
      }
    }
  }

  /**
   * Every job and extension on the class path.
   *
   * @throws ConfigException if one cannot be used, or two have the same name
   */
  public static Jobs load(ClassLoader loader) {
    List<Job<?>> jobs = new ArrayList<>();
    Services.load(Job.class, loader).forEach(jobs::add);
    return new Jobs(jobs, Extensions.load(loader), loader);
  }

  /** The given jobs and extensions and no others; defaults come from {@code resources}. */
  public static Jobs of(List<? extends Job<?>> jobs, Extensions extensions, ClassLoader resources) {
    return new Jobs(jobs, extensions, resources);
  }

  /** All jobs by name. */
  public Collection<Job<?>> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  /** The extensions that their configurations choose from. */
  public Extensions extensions() {
    return extensions;
  }

  /** The keys of a job's configuration, with the defaults that it brings. */
  public List<ConfigFields.Field> fields(Job<?> job) {
    return ConfigFields.of(job.configType(), ConfigSource.defaultsOf(job.name(), resources));
  }

  /**
   * The job that {@code file} describes, with each {@code path=value} of {@code assignments} laid
   * over it.
   *
   * @throws ConfigException with every problem found
   */
  public ConfiguredJob<?> configure(Path file, List<String> assignments) {
    ConfigSource source = new ConfigSource(file, assignments, resources);
    String name = source.text(JOB).orElse("");
    Job<?> job = byName.get(name);
    if (job == null) {
      List<Problem> problems = new ArrayList<>(source.problems());
      String found = name.isEmpty() ? "is missing" : "unknown job " + name;
      problems.add(new Problem(JOB, found + "; " + Names.suggestion(name, byName.keySet())));
      throw new ConfigException(problems);
    }
    return configure(job, source);
  }

  private <C extends Record & JobConfig> ConfiguredJob<C> configure(
      Job<C> job, ConfigSource source) {
    Binder.Bound<C> bound =
        source.bind(new Binder(this), job.configType(), job.name(), List.of(JOB));
    return new ConfiguredJob<>(job, bound.config(), bound.yaml());
  }

  /** The job of a section that is whole and has nothing but its settings and {@code job}. */
  <C extends Record & JobConfig> ConfiguredJob<C> configure(Job<C> job, ObjectNode section) {
    Binder.Bound<C> bound =
        new Binder(this).bind(job.configType(), section.deepCopy().without(JOB));
    ObjectNode whole = section.objectNode().put(JOB, job.name()).setAll(bound.tree());
    return new ConfiguredJob<>(job, bound.config(), Yaml.write(whole));
  }

  /** Jobs are parts of the configurations of those that run them. */
  @Override
  public Optional<Choice> choice(Class<?> kind, String name) {
    return kind == JobSection.class
        ? Optional.ofNullable(byName.get(name)).map(this::section)
        : extensions.choice(kind, name);
  }

  private Choice section(Job<?> job) {
    ObjectNode defaults = ConfigSource.defaultsOf(job.name(), resources);
    defaults.remove(JobSection.LATER);
    return new Choice(job.configType(), defaults, Optional.of(new Section(job)));
  }

  private final class Section implements Deferred {
    private final Job<?> job;

    Section(Job<?> job) {
      this.job = job;
    }

    @Override
    public Set<String> own() {
      return Set.of(JobSection.NAME);
    }

    @Override
    public Set<String> later() {
      return JobSection.LATER;
    }

    @Override
    public Object part(ObjectNode section) {
      return new JobSection(job, Jobs.this, section);
    }
  }

  @Override
  public Set<String> names(Class<?> kind) {
    return kind == JobSection.class
        ? Collections.unmodifiableSet(byName.keySet())
        : extensions.names(kind);
  }
}
