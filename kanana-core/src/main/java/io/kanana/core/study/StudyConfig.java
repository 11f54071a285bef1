package io.kanana.core.study;

import io.kanana.core.config.Check;
import io.kanana.core.config.Names;
import io.kanana.core.job.CompositeConfig;
import io.kanana.core.job.JobSection;
import io.kanana.core.pipeline.ChainRules;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings of the job {@code study}.
 *
 * @param output the directory that has those of all jobs, and the report
 * @param seed of the shared jobs that do not give one
 * @param finding what is to be found out, in a sentence
 * @param reported what others found, in figures, to read beside one's own
 * @param seeds each arm runs with each of them, which is then the seed of all its jobs
 * @param shared jobs that run once, before the arms
 * @param arms what is compared: in each, jobs that may refer to the shared ones and to those before
 * @param measure what is compared by
 * @param claims what should come out; without any, the arms are ranked
 */
public record StudyConfig(
    Path output,
    long seed,
    String finding,
    Optional<String> reported,
    List<Long> seeds,
    List<JobSection> shared,
    Map<String, List<JobSection>> arms,
    Measure measure,
    List<Claim> claims)
    implements CompositeConfig {
  static final String SHARED = "shared";
  static final String REPORT = "report";
  static final String ARMS = "arms";

  /** Which of two values is the better one. */
  public enum Better {
    LOWER,
    HIGHER
  }

  /**
   * @param from the job of each arm that measured
   * @param metric what it measured, by the name that the job gives it
   * @param better which values are
   */
  public record Measure(String from, String metric, Better better) {}

  /**
   * One arm beats another.
   *
   * @param better the arm that should
   * @param than the arm that it is compared with
   */
  public record Claim(String better, String than) {
    public Claim {
      Check.that(
          !better.equals(than), List.of("than", "better"), "must be another arm, got %s", than);
    }
  }

  public StudyConfig {
    Check.that(
        !seeds.isEmpty() && new HashSet<>(seeds).size() == seeds.size(),
        "seeds",
        "must be different from one another, and at least one, got %s",
        seeds);
    ChainRules.check(SHARED, shared, Set.of());
    Check.that(!arms.isEmpty(), ARMS, "must name at least one arm");
    Set<String> before = shared.stream().map(JobSection::name).collect(Collectors.toSet());
    arms.forEach((name, jobs) -> checkArm(name, jobs, before, measure.from));
    for (int i = 0; i < claims.size(); i++) {
      checkIsArm("claims[" + i + "].better", claims.get(i).better, arms.keySet());
      checkIsArm("claims[" + i + "].than", claims.get(i).than, arms.keySet());
    }
  }

  private static void checkArm(
      String name, List<JobSection> jobs, Set<String> before, String measured) {
    String key = key(name);
    Check.that(
        JobSection.isName(name) && !name.equals(SHARED) && !name.equals(REPORT),
        key,
        "must be called by lower-case letters, digits and single hyphens, and not %s or %s",
        SHARED,
        REPORT);
    ChainRules.check(key, jobs, before);
    List<String> names = jobs.stream().map(JobSection::name).toList();
    Check.that(
        names.contains(measured),
        List.of(key, "measure.from"),
        "must have the job that is measured, %s; %s",
        measured,
        Names.suggestion(measured, names));
    for (int i = 0; i < jobs.size(); i++) {
      Check.that(
          !jobs.get(i).isComposite(),
          key + "[" + i + "].job",
          "must be a job that runs no others, whose seeds would be their own; list its jobs here");
      Check.that(
          !jobs.get(i).hasOutput(),
          key + "[" + i + "].output",
          "must not be given, since the job runs once with each seed");
    }
  }

  private static void checkIsArm(String key, String name, Set<String> arms) {
    Check.that(
        arms.contains(name), key, "must be an arm, got %s; %s", name, Names.suggestion(name, arms));
  }

  /** The key of an arm's jobs. */
  static String key(String arm) {
    return ARMS + "." + arm;
  }
}
