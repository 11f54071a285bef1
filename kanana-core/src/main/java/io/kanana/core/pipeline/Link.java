package io.kanana.core.pipeline;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.KananaException;
import io.kanana.core.error.Reason;
import io.kanana.core.job.ConfiguredJob;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.JobReference;
import io.kanana.core.job.JobSection;
import io.kanana.core.job.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** One job of a chain, in its place: how far it is, and running it. */
final class Link {
  /** How far a job is. */
  enum State {
    NOT_BEGUN("not begun"),
    HALF_DONE("half done"),
    /** Its own settings are others than before. */
    CHANGED("changed"),
    /** It was made from other inputs than there are now. */
    STALE("stale"),
    DAMAGED("damaged"),
    DONE("done");

    private final String words;

    State(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  private final JobSection section;
  private final Chain.Place place;
  private final Map<String, Path> outputs;
  private final Path output;
  private final Path file;

  /**
   * @param outputs the directories of the jobs that it may refer to
   */
  Link(JobSection section, Chain.Place place, Map<String, Path> outputs) {
    this.section = section;
    this.place = place;
    this.outputs = Map.copyOf(outputs);
    this.output = section.output(place.home());
    this.file = place.home().resolve(section.name() + ".json");
  }

  String name() {
    return section.name();
  }

  Path output() {
    return output;
  }

  /** The names of the jobs that it refers to. */
  List<String> needs() {
    return section.references().stream().map(JobReference::job).distinct().toList();
  }

  ConfiguredJob<?> configured() {
    return section.configure(place.home(), place.seed(), outputs);
  }

  /** How far the job is, as far as can be seen without reading what it left. */
  State state() {
    Optional<LinkRecord> record = LinkRecord.read(file);
    if (!Files.exists(output)) {
      return State.NOT_BEGUN;
    }
    if (record.isEmpty()) {
      return State.HALF_DONE;
    }
    if (!record.get().inputs().equals(inputs())) {
      return State.STALE;
    }
    if (!record.get().settings().equals(section.settings())) {
      return State.CHANGED;
    }
    if (!record.get().finished()) {
      return State.HALF_DONE;
    }
    return fault(record.get(), false).isEmpty() ? State.DONE : State.DAMAGED;
  }

  /** The first of what the job left that is not as it was; empty where everything is. */
  private Optional<String> fault(LinkRecord record, boolean read) {
    for (Map.Entry<String, String> left : record.artefacts().entrySet()) {
      try {
        Artefact artefact = Artefact.open(output.resolve(left.getKey()));
        if (!artefact.id().equals(left.getValue())) {
          return Optional.of(artefact.directory() + ": is another than the job left");
        }
        if (read) {
          artefact.verify();
        }
      } catch (CheckpointException e) {
        return Optional.of(e.getMessage());
      }
    }
    return Optional.empty();
  }

  private SortedMap<String, String> inputs() {
    SortedMap<String, String> inputs = new TreeMap<>();
    for (JobReference reference : section.references()) {
      inputs.put(
          reference.toString(), Fingerprint.of(outputs.get(reference.job()), reference.below()));
    }
    return inputs;
  }

  /** Runs the job unless it is done and what it left is whole. */
  void run(JobContext context) {
    Progress progress = context.within(name()).progress();
    State state = state();
    if (state == State.DONE && isWhole(progress)) {
      return;
    }
    if (state == State.STALE) {
      putAside(progress);
    }
    LinkRecord begun = LinkRecord.begun(section.settings(), inputs());
    begun.write(file);
    try {
      configured().run(context.resume(), progress, context.clock(), context.cancellation());
    } catch (KananaException e) {
      throw e.within(name());
    }
    if (!context.cancellation().requested()) {
      begun.finished(Fingerprint.artefacts(output)).write(file);
    }
  }

  private boolean isWhole(Progress progress) {
    progress.status("checking " + output);
    Optional<String> fault = LinkRecord.read(file).flatMap(record -> fault(record, true));
    fault.ifPresent(found -> progress.line("not as it was left: " + found));
    return fault.isEmpty();
  }

  private void putAside(Progress progress) {
    Path aside = output;
    for (int i = 1; Files.exists(aside); i++) {
      aside = output.resolveSibling(output.getFileName() + Chain.ASIDE + i);
    }
    try {
      Files.move(output, aside, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CheckpointException(output + ": cannot be put aside: " + Reason.of(e), e);
    }
    progress.line(
        "stale, because it was made from another "
            + String.join(", ", differing())
            + "; what was there is now "
            + aside);
  }

  /** The references that stand for something else now than when the job began. */
  private List<String> differing() {
    SortedMap<String, String> before =
        LinkRecord.read(file).map(LinkRecord::inputs).orElseGet(TreeMap::new);
    return inputs().entrySet().stream()
        .filter(now -> !now.getValue().equals(before.get(now.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }
}
