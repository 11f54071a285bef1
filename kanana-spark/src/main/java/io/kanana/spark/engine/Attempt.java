package io.kanana.spark.engine;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import org.apache.spark.TaskContext;

/**
 * Makes artefacts and files whole or not at all, although Spark may run the same task on two
 * machines at a time: each makes one of its own, and moves it into place where no other is there.
 */
final class Attempt {
  private Attempt() {}

  /** Makes an artefact unless it is there. */
  static void artefact(Path target, Consumer<Path> maker) {
    if (Artefact.isArtefact(target)) {
      return;
    }
    Path own = own(target);
    maker.accept(own);
    try {
      Files.move(own, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Artefact.isArtefact(target)) {
        throw failure(target, e);
      }
      Artefact.remove(own); // another attempt was first, with the same content
    }
  }

  /** Makes a file, in place of one that is there. */
  static void file(Path target, Consumer<Path> maker) {
    Path own = own(target);
    try {
      Files.createDirectories(target.getParent());
      maker.accept(own);
      Files.move(own, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  private static Path own(Path target) {
    return target.resolveSibling(
        "." + target.getFileName() + ".attempt-" + TaskContext.get().taskAttemptId());
  }

  private static CheckpointException failure(Path target, IOException e) {
    return new CheckpointException(
        target + ": cannot be written (" + Reason.of(e) + "); free or name another place", e);
  }
}
