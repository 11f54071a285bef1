package io.kanana.data.shard;

import io.kanana.core.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory that is filled beside its place and moved there at once when complete. What a killed
 * run left beside the place is removed by the next.
 */
final class StagedDirectory implements AutoCloseable {
  private final Path place;
  private final Path staging;

  StagedDirectory(Path directory) throws IOException {
    place = directory.toAbsolutePath();
    if (Files.exists(place)) {
      throw new DataException(directory + ": exists already; remove it or name another place");
    }
    staging = place.resolveSibling(place.getFileName() + ".partial");
    remove();
    Files.createDirectories(staging);
  }

  Path path() {
    return staging;
  }

  void publish() throws IOException {
    Files.move(staging, place, StandardCopyOption.ATOMIC_MOVE);
  }

  private void remove() throws IOException {
    if (!Files.exists(staging)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(staging)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }

  @Override
  public void close() throws IOException {
    remove();
  }
}
