package io.kanana.core.checkpoint;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a finished directory takes the place of an older one. No system moves a directory over
 * another at once, so the old one is put aside first:
 *
 * <ol>
 *   <li>{@code X} becomes {@code .X.replaced},
 *   <li>{@code .X.partial} becomes {@code X},
 *   <li>{@code .X.replaced} is deleted.
 * </ol>
 *
 * After a kill at any moment {@link #finish} brings back a whole {@code X}: the new one if it was
 * complete, else the old one.
 */
final class Replacement {
  private Replacement() {}

  static Path partial(Path target) {
    return hidden(target, "partial");
  }

  static Path replaced(Path target) {
    return hidden(target, "replaced");
  }

  private static Path hidden(Path target, String suffix) {
    Path absolute = target.toAbsolutePath().normalize();
    if (absolute.getFileName() == null) {
      throw new CheckpointException(target + ": cannot be an artefact; give a directory below it");
    }
    return absolute.resolveSibling("." + absolute.getFileName() + "." + suffix);
  }

  static void run(Disk disk, Path target) throws IOException {
    Path parent = partial(target).getParent();
    if (Files.exists(target)) {
      disk.delete(replaced(target));
      disk.move(target, replaced(target));
      disk.syncDirectory(parent);
    }
    disk.move(partial(target), target);
    disk.syncDirectory(parent);
    disk.delete(replaced(target));
  }

  /** Ends what {@link #run} began; does nothing while the target is there. */
  static void finish(Disk disk, Path target) {
    Path aside = replaced(target);
    if (Files.exists(target) || !Files.exists(aside)) {
      return;
    }
    try {
      disk.move(isWhole(partial(target)) ? partial(target) : aside, target);
      disk.syncDirectory(aside.getParent());
      disk.delete(aside);
    } catch (IOException e) {
      throw new CheckpointException(
          target + ": an interrupted replacement cannot be finished: " + Reason.of(e), e);
    }
  }

  /**
   * Ends what {@link #run} began and removes what interrupted writes left beside the target. Not
   * for readers: a write that is under way would lose its files.
   */
  static void recover(Disk disk, Path target) {
    finish(disk, target);
    try {
      disk.delete(partial(target));
      if (isWhole(target)) {
        disk.delete(replaced(target));
      }
    } catch (IOException e) {
      throw new CheckpointException(
          target + ": what an interrupted write left cannot be removed: " + e.getMessage(), e);
    }
  }

  private static boolean isWhole(Path directory) {
    try {
      Artefact.look(directory);
      return true;
    } catch (CheckpointException e) {
      return false; // an unfinished write is what this asks about
    }
  }
}
