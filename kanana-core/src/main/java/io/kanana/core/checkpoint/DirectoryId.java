package io.kanana.core.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a directory is called by what is made from it, whoever wrote it. */
final class DirectoryId {
  private DirectoryId() {}

  /**
   * The identity of an artefact, or, of a directory that others wrote, a digest of those files that
   * count, all of which are read for it.
   *
   * @throws CheckpointException if a file cannot be read
   */
  static String of(Path directory, Predicate<Path> counts) {
    if (Artefact.isArtefact(directory)) {
      return Artefact.open(directory).id();
    }
    Sha256 digest = new Sha256();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(counts).sorted().toList()) {
        byte[] line = (file.getFileName() + " " + Artefact.hash(file) + "\n").getBytes(UTF_8);
        digest.add(line, line.length);
      }
    } catch (IOException e) {
      throw new CheckpointException(directory + ": cannot be listed: " + Reason.of(e), e);
    }
    return digest.hex();
  }
}
