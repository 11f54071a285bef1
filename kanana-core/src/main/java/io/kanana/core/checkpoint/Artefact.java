package io.kanana.core.checkpoint;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A directory that was written completely, with a manifest of its files.
 *
 * @param id SHA-256 of the manifest, and so of all content: what children call it
 */
public record Artefact(Path directory, Manifest manifest, String id) {
  private static final int CHUNK = 1 << 16;

  /** Whether there is a manifest, of which nothing is checked. */
  public static boolean isArtefact(Path directory) {
    return Files.isRegularFile(directory.resolve(Manifest.FILE));
  }

  /**
   * Opens an artefact and checks that all its files are there in their sizes. Where a write was
   * killed between putting the old artefact aside and the new one in place, the move is finished
   * first.
   *
   * @throws CheckpointException if it is none, or is incomplete
   */
  public static Artefact open(Path directory) {
    Replacement.finish(Disk.real(), directory);
    return look(directory);
  }

  /**
   * Ends a write of this artefact that was killed: the directory is the new one if that was
   * complete, else the old one if there was one, and what else the write left is gone. For whoever
   * is about to go on writing there; nobody else may be.
   */
  public static void recover(Path directory) {
    Replacement.recover(Disk.real(), directory);
  }

  /**
   * Removes an artefact. The manifest goes first, so that what an interruption leaves is none.
   *
   * @throws CheckpointException if something of it cannot be removed
   */
  public static void remove(Path directory) {
    try {
      Disk.real().delete(directory.resolve(Manifest.FILE));
      Disk.real().delete(directory);
    } catch (IOException e) {
      throw new CheckpointException(directory + ": cannot be removed: " + e.getMessage(), e);
    }
  }

  /**
   * Opens an artefact and changes nothing, so that somebody may be writing there: then it is the
   * one before or the new one, or for a moment none.
   *
   * @throws CheckpointException if it is none, or is incomplete
   */
  public static Artefact look(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new CheckpointException(directory + ": there is no such directory");
    }
    if (!isArtefact(directory)) {
      throw new CheckpointException(
          directory
              + ": has no "
              + Manifest.FILE
              + ", so it is no artefact; its write was interrupted, or the path is wrong");
    }
    byte[] bytes = Manifest.bytes(directory);
    Artefact artefact = new Artefact(directory, Manifest.parse(directory, bytes), Sha256.of(bytes));
    artefact.checkSizes();
    return artefact;
  }

  /** The artefacts in a directory, by name. Interrupted writes are not among them. */
  public static List<Artefact> in(Path parent) {
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(child -> !child.getFileName().toString().startsWith("."))
          .filter(Artefact::isArtefact)
          .sorted()
          .map(Artefact::look)
          .toList();
    } catch (IOException e) {
      throw new CheckpointException(parent + ": cannot be listed: " + Reason.of(e), e);
    }
  }

  /** A file of it. */
  public Path file(String name) {
    if (!manifest.files().containsKey(name)) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: has no file %s; there are %s",
              directory,
              Quoted.of(name),
              manifest.files().keySet()));
    }
    return directory.resolve(name);
  }

  private void checkSizes() {
    manifest
        .files()
        .forEach(
            (name, record) -> {
              Path file = directory.resolve(name);
              long size = size(file);
              if (size != record.size()) {
                throw Manifest.mismatch(file, "size", size, record.size());
              }
            });
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new CheckpointException(
          file + ": is in the manifest, but cannot be read: " + Reason.of(e), e);
    }
  }

  /**
   * Reads every file and compares its hash.
   *
   * @throws CheckpointException naming the first file that is not as it was written
   */
  public void verify() {
    manifest
        .files()
        .forEach(
            (name, record) -> {
              Path file = directory.resolve(name);
              String found = hash(file);
              if (!found.equals(record.sha256())) {
                throw Manifest.mismatch(file, "SHA-256", found, record.sha256());
              }
            });
  }

  static String hash(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Sha256 hash = new Sha256();
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        hash.add(chunk, n);
      }
      return hash.hex();
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
