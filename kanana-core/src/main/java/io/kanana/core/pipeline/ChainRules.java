package io.kanana.core.pipeline;

import io.kanana.core.config.Check;
import io.kanana.core.config.Names;
import io.kanana.core.config.Paths;
import io.kanana.core.job.JobReference;
import io.kanana.core.job.JobSection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What must hold of jobs that run one after the other: their names, and what they refer to. */
public final class ChainRules {
  private final String list;
  private final List<JobSection> jobs;
  private final Set<String> before;
  private final Map<String, Integer> indexes = new LinkedHashMap<>();

  private ChainRules(String list, List<JobSection> jobs, Set<String> before) {
    this.list = list;
    this.jobs = jobs;
    this.before = before;
    for (int i = 0; i < jobs.size(); i++) {
      indexes.putIfAbsent(jobs.get(i).name(), i);
    }
  }

  /**
   * States the rules, as a configuration record does for its own keys.
   *
   * @param list the key of the jobs in that record
   * @param before names of jobs that have run when these begin
   */
  public static void check(String list, List<JobSection> jobs, Set<String> before) {
    ChainRules rules = new ChainRules(list, jobs, before);
    for (int i = 0; i < jobs.size(); i++) {
      rules.checkName(i);
      rules.checkOutput(i);
      for (JobReference reference : jobs.get(i).references()) {
        rules.checkReference(i, reference);
      }
    }
  }

  private void checkName(int index) {
    String name = jobs.get(index).name();
    Check.that(
        name.isEmpty() || (indexes.get(name) == index && !before.contains(name)),
        Paths.child(Paths.child(list, index), "name"),
        "must be the name of one job only, got %s again",
        name);
  }

  /** What is made from other inputs by now is put aside with all that lies in its directory. */
  private void checkOutput(int index) {
    Check.that(
        !(Check.isProvisional() && jobs.get(index).hasOutput()),
        Paths.child(Paths.child(list, index), "output"),
        "must not be given by a job within another's, which has one below that");
  }

  private void checkReference(int index, JobReference reference) {
    String place = Paths.child(Paths.child(list, index), reference.place());
    Check.that(
        !reference.place().equals("output"),
        place,
        "must be a plain path, got one that refers to %s",
        reference.job());
    String problem = problem(index, reference.job());
    Check.that(problem.isEmpty(), place, "refers to ${%s}, %s", reference.job(), problem);
  }

  /** Why the job at an index cannot refer to one of that name; empty where it can. */
  private String problem(int index, String name) {
    if (before.contains(name)) {
      return "";
    }
    Integer other = indexes.get(name);
    if (other == null) {
      // of jobs in a job, the jobs around it may be meant, and those who know them look
      return Check.isProvisional()
          ? ""
          : "which is no job; " + Names.suggestion(name, known(index));
    }
    if (other == index) {
      return "which is this job itself; name one that runs before it";
    }
    if (other > index) {
      List<String> way = way(other, index);
      return way.isEmpty()
          ? "which runs later; move it before this job"
          : "which needs this job in turn ("
              + String.join(" -> ", way)
              + "), so neither can run first; take one of the references out";
    }
    return "";
  }

  private Set<String> known(int index) {
    Set<String> known = new TreeSet<>(before);
    known.addAll(jobs.get(index).own());
    jobs.subList(0, index).forEach(job -> known.add(job.name()));
    return known;
  }

  /** Names from one job over what it refers to, step by step, to another; empty if none lead. */
  private List<String> way(int from, int to) {
    return way(from, to, new TreeSet<>());
  }

  private List<String> way(int from, int to, Set<Integer> seen) {
    String name = jobs.get(from).name();
    if (from == to) {
      return List.of(name);
    }
    if (!seen.add(from)) {
      return List.of();
    }
    for (JobReference reference : jobs.get(from).references()) {
      Integer next = indexes.get(reference.job());
      List<String> rest = next == null ? List.of() : way(next, to, seen);
      if (!rest.isEmpty()) {
        List<String> way = new ArrayList<>(List.of(name));
        way.addAll(rest);
        return way;
      }
    }
    return List.of();
  }
}
