package io.kanana.core.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Check;
import io.kanana.core.config.ChosenBy;
import io.kanana.core.config.Yaml;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * A job in the configuration of another, which runs it: {@code name}, {@code job}, and the keys of
 * that job. It may extend a file; {@code output} and {@code seed} may be left out, and are not
 * those of the file. Its texts may refer to the outputs of other jobs ({@link JobReference}); a job
 * that runs others has its jobs' references, too, but for those to one another. Immutable.
 */
@ChosenBy(JobSection.JOB)
public final class JobSection {
  static final String JOB = "job";
  static final String NAME = "name";
  static final String OUTPUT = "output";
  static final String SEED = "seed";

  /** Keys that are given when the job is {@linkplain #configure configured}. */
  static final Set<String> LATER = Set.of(OUTPUT, SEED);

  private static final Pattern NAMES = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  private final Job<?> job;
  private final Jobs jobs;
  private final ObjectNode settings;
  private final String name;
  private final Set<String> own;

  JobSection(Job<?> job, Jobs jobs, ObjectNode section) {
    this.job = job;
    this.jobs = jobs;
    this.settings = section.deepCopy();
    JsonNode given = settings.remove(NAME);
    this.name = given != null && given.isTextual() ? given.textValue() : "";
    Check.that(
        isName(name),
        NAME,
        "must be given, of lower-case letters, digits and single hyphens, got %s",
        given == null ? "nothing" : given);
    this.own = isComposite() ? names(settings) : Set.of();
  }

  /** The names of all jobs that a configuration has. */
  private static Set<String> names(JsonNode config) {
    Set<String> names = new HashSet<>();
    for (JsonNode part : config) {
      part.findParents(JOB).forEach(section -> names.add(section.path(NAME).asText()));
    }
    return Set.copyOf(names);
  }

  /** Whether jobs may be called so: they have directories of that name. */
  public static boolean isName(String name) {
    return NAMES.matcher(name).matches();
  }

  /** Whether the job runs others. */
  public boolean isComposite() {
    return CompositeConfig.class.isAssignableFrom(job.configType());
  }

  /** The names of the jobs that it runs, theirs included. */
  public Set<String> own() {
    return own;
  }

  /** What others call it. */
  public String name() {
    return name;
  }

  /** Everything that refers to another job, but for what its own jobs refer to in one another. */
  public List<JobReference> references() {
    return JobReference.in(settings).stream()
        .filter(reference -> !own.contains(reference.job()))
        .toList();
  }

  /** What makes this job differ from another: its resolved settings, references as they stand. */
  public String settings() {
    return Yaml.write(settings);
  }

  /** The same with another seed than it may have. */
  public JobSection withSeed(long seed) {
    return new JobSection(job, jobs, settings.deepCopy().put(NAME, name).put(SEED, seed));
  }

  /** Whether it says where it writes. */
  public boolean hasOutput() {
    return settings.has(OUTPUT);
  }

  /** Where it writes: what its {@code output} says, else the directory of its name in another. */
  public Path output(Path home) {
    return settings.has(OUTPUT) ? Path.of(settings.get(OUTPUT).textValue()) : home.resolve(name);
  }

  /**
   * The job itself.
   *
   * @param home the directory that it has one in
   * @param seed where it has none
   * @param outputs the directory of each job that it refers to
   * @throws io.kanana.core.error.ConfigException if what the references stand for does not fit
   */
  public ConfiguredJob<?> configure(Path home, long seed, Map<String, Path> outputs) {
    ObjectNode section = (ObjectNode) resolved(outputs);
    section.put(OUTPUT, output(home).toString());
    if (!section.has(SEED)) {
      section.put(SEED, seed);
    }
    return jobs.configure(job, section);
  }

  private JsonNode resolved(Map<String, Path> outputs) {
    if (!isComposite()) {
      return JobReference.resolve(settings, outputs);
    }
    Map<String, Path> others = new HashMap<>(outputs);
    others.keySet().removeAll(own);
    return JobReference.resolveAround(settings, others);
  }

  /** What a finished run of it measured, by name, as {@link Job#measurements} says. */
  public SortedMap<String, Double> measurements(Path output) {
    return job.measurements(output);
  }
}
