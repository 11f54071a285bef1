package io.kanana.core.pipeline;

import io.kanana.core.config.Paths;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobPlan;
import io.kanana.core.job.JobSection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Jobs that run one after the other in one directory. What is known about each stands beside its
 * output as {@code NAME.json}, from before it begins; a job that finished, whose settings and
 * inputs are what they were and whose artefacts are whole, is not run again.
 */
public final class Chain {
  /**
   * Where jobs run.
   *
   * @param home the directory that has their outputs and records
   * @param seed of the jobs that do not give one
   * @param outputs directories of jobs that ran elsewhere before, which these may refer to
   */
  public record Place(Path home, long seed, Map<String, Path> outputs) {
    public Place {
      outputs = Map.copyOf(outputs);
    }

    Place(Path home, long seed) {
      this(home, seed, Map.of());
    }
  }

  static final String ASIDE = ".stale-";

  private final String list;
  private final List<Link> links = new ArrayList<>();
  private final Map<String, Path> outputs = new LinkedHashMap<>();

  /**
   * @param list the key of the jobs in a configuration, for messages
   * @param jobs that keep to the {@link ChainRules}
   */
  public Chain(String list, List<JobSection> jobs, Place place) {
    this.list = list;
    outputs.putAll(place.outputs);
    for (JobSection job : jobs) {
      Link link = new Link(job, place, outputs);
      links.add(link);
      outputs.put(job.name(), link.output());
    }
  }

  /**
   * Whether a directory is what was there before a job ran anew, which nobody looks at any more.
   */
  public static boolean isAside(Path directory) {
    return directory.getFileName().toString().contains(ASIDE);
  }

  /** The directories of these jobs and of those that they may refer to, by name. */
  public Map<String, Path> outputs() {
    return Collections.unmodifiableMap(outputs);
  }

  /**
   * What running every job would take, and how far each is.
   *
   * @throws ConfigException for what can be seen to fail, in whichever jobs
   */
  public JobPlan plan() {
    JobPlan plan = JobPlan.empty();
    List<Problem> problems = new ArrayList<>();
    Map<String, String> states = states();
    for (int i = 0; i < links.size(); i++) {
      Link link = links.get(i);
      try {
        var configured = link.configured();
        plan = plan.with(link.name(), configured.job().name() + ", " + states.get(link.name()));
        for (JobPlan.Entry entry : configured.plan().entries()) {
          plan = plan.with("  " + entry.quantity(), entry.value());
        }
      } catch (ConfigException e) {
        problems.addAll(e.below(Paths.child(list, i)).problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return plan;
  }

  /** How far each job is, by name; one whose inputs will be made again is perhaps stale then. */
  private Map<String, String> states() {
    Map<String, String> states = new LinkedHashMap<>();
    for (Link link : links) {
      Link.State state = link.state();
      List<String> unfinished =
          link.needs().stream()
              .filter(name -> !states.getOrDefault(name, "done").equals("done"))
              .toList();
      boolean certain = state == Link.State.NOT_BEGUN || unfinished.isEmpty();
      String doubt = "; stale unless " + String.join(" and ", unfinished) + " comes out as before";
      states.put(link.name(), certain ? state.toString() : state + doubt);
    }
    return states;
  }

  /** Whether every job came to its end, as far as can be seen without reading what it left. */
  public boolean isDone() {
    return links.stream().allMatch(link -> link.state() == Link.State.DONE);
  }

  /**
   * Runs the jobs that are not done.
   *
   * @return whether all came to their end; false where a stop was asked for
   * @throws io.kanana.core.error.KananaException of the first job that fails, with its name
   */
  public boolean run(JobContext context) {
    if (context.resume()) {
      states().forEach((name, state) -> context.within(name).progress().line(state));
    }
    for (Link link : links) {
      if (context.cancellation().requested()) {
        return false;
      }
      link.run(context);
    }
    return !context.cancellation().requested();
  }
}
