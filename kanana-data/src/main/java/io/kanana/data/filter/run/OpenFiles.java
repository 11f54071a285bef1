package io.kanana.data.filter.run;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Files that are open side by side and closed together. For one thread. */
final class OpenFiles implements Closeable {
  private final List<Closeable> files = new ArrayList<>();

  /** The same file, which is now closed with the others. */
  <T extends Closeable> T add(T file) {
    files.add(file);
    return file;
  }

  /** Closes every one, whatever the others throw; the first failure has later ones suppressed. */
  @Override
  public void close() throws IOException {
    if (!files.isEmpty()) {
      Closeable last = files.removeLast();
      try (last) {
        close(); // the others
      }
    }
  }
}
