package io.kanana.core.pipeline;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.TreeMap;

/** What tells whether a job's input is still what it was: identities of artefacts. */
final class Fingerprint {
  private static final String ABSENT = "absent";
  private static final String DAMAGED = "damaged";

  private Fingerprint() {}

  /**
   * The identity of what a path in a job's output holds: of the artefact that it is or lies in,
   * else of all artefacts in it. Of a glob, the directory that it looks into counts.
   *
   * @param below what follows the output directory; empty for the directory itself
   */
  static String of(Path output, String below) {
    Path root = output.toAbsolutePath().normalize();
    Path place = root.resolve(below).normalize();
    while (place.startsWith(root) && !Files.exists(place)) {
      place = place.getParent();
    }
    if (!place.startsWith(root)) {
      return ABSENT;
    }
    try {
      return of(root, place);
    } catch (CheckpointException _) {
      return DAMAGED; // of which the job that left it tells
    }
  }

  private static String of(Path root, Path place) {
    for (Path above = place; above.startsWith(root); above = above.getParent()) {
      if (Artefact.isArtefact(above)) {
        return Artefact.open(above).id();
      }
    }
    return Sha256.of(artefacts(place).toString().getBytes(StandardCharsets.UTF_8));
  }

  /** All artefacts in a directory, as paths relative to it with their identities. */
  static SortedMap<String, String> artefacts(Path directory) {
    SortedMap<String, String> found = new TreeMap<>();
    if (!Files.isDirectory(directory)) {
      return found;
    }
    try {
      Files.walkFileTree(directory, new Collection(directory, found));
      return found;
    } catch (IOException e) {
      throw new CheckpointException(directory + ": cannot be listed: " + Reason.of(e), e);
    }
  }

  /**
   * Looks into every directory but artefacts, what is unfinished or hidden, and what is put aside.
   */
  private static final class Collection extends SimpleFileVisitor<Path> {
    private final Path directory;
    private final SortedMap<String, String> found;

    Collection(Path directory, SortedMap<String, String> found) {
      this.directory = directory;
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      boolean left = path.getFileName().toString().startsWith(".") || Chain.isAside(path);
      if (!path.equals(directory) && left) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (!Artefact.isArtefact(path)) {
        return FileVisitResult.CONTINUE;
      }
      found.put(directory.relativize(path).toString(), Artefact.open(path).id());
      return FileVisitResult.SKIP_SUBTREE;
    }
  }
}
