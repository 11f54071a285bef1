package io.kanana.core.train;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A run's checkpoints on the way: {@code step-00000100} and others in one directory. */
final class StepDirectories {
  private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})");
  private static final Pattern LEFTOVER =
      Pattern.compile("\\.(step-\\d{8,18})\\.(partial|replaced)");
  private static final String REJECTED = ".rejected";

  private final Path parent;
  private final Consumer<String> log;

  /**
   * @param log is told of what is put aside, and of what cannot be removed
   */
  StepDirectories(Path parent, Consumer<String> log) {
    this.parent = parent;
    this.log = log;
  }

  /** Where the checkpoint of a step goes. */
  Path of(long step) {
    return parent.resolve(String.format(Locale.ROOT, "step-%08d", step));
  }

  /** The step of a checkpoint that is one of these. */
  long step(Path checkpoint) {
    Matcher name = NAME.matcher(checkpoint.getFileName().toString());
    if (!name.matches()) {
      throw new IllegalArgumentException(checkpoint + " is no checkpoint on the way");
    }
    return Long.parseLong(name.group(1));
  }

  /** Whether a path is one of these. */
  boolean contains(Path checkpoint) {
    return parent.equals(checkpoint.getParent());
  }

  /** The checkpoints, newest first; interrupted writes and removals are not among them. */
  List<Path> newestFirst() {
    return children(NAME).stream()
        .filter(Artefact::isArtefact)
        .sorted(Comparator.comparingLong(this::step).reversed())
        .toList();
  }

  private List<Path> children(Pattern name) {
    if (!Files.exists(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(child -> name.matcher(child.getFileName().toString()).matches())
          .toList();
    } catch (IOException e) {
      throw new CheckpointException(parent + ": cannot be listed: " + e.getMessage(), e);
    }
  }

  /** Ends what interrupted writes and removals left. */
  void recover() {
    for (Path leftover : children(LEFTOVER)) {
      Matcher name = LEFTOVER.matcher(leftover.getFileName().toString());
      if (name.matches()) {
        Artefact.recover(parent.resolve(name.group(1)));
      }
    }
    children(NAME).stream().filter(child -> !Artefact.isArtefact(child)).forEach(this::remove);
  }

  /** Renames a checkpoint that cannot be used, so that it neither counts nor is lost. */
  void putAside(Path checkpoint) {
    Path aside = checkpoint.resolveSibling(checkpoint.getFileName() + REJECTED);
    try {
      Artefact.remove(aside);
      Files.move(checkpoint, aside, StandardCopyOption.ATOMIC_MOVE);
      log.accept("put aside as " + aside);
    } catch (IOException e) {
      throw new CheckpointException(checkpoint + ": cannot be put aside: " + e.getMessage(), e);
    }
  }

  /** Removes all but the {@code count} newest of those that are not after a step. */
  void keep(int count, long step) {
    newestFirst().stream()
        .filter(checkpoint -> step(checkpoint) <= step)
        .skip(count)
        .forEach(this::remove);
  }

  private void remove(Path checkpoint) {
    try {
      Artefact.remove(checkpoint);
    } catch (CheckpointException e) {
      log.accept("an old checkpoint stays: " + e.getMessage());
    }
  }
}
