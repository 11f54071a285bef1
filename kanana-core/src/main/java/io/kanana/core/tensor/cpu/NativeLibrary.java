package io.kanana.core.tensor.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;

/**
 * Shared libraries that come inside a jar: they are put into a cache directory once, under a name
 * that tells their content, and moved into place whole, so that a start that was cut short or two
 * at once do no harm.
 */
final class NativeLibrary {
  static final String CACHE_PROPERTY = "kanana.cache";

  private NativeLibrary() {}

  /**
   * Puts files of one resource directory beside each other into the cache.
   *
   * @param directory the resource directory, with a slash at its end
   * @return the directory that holds them
   * @throws IOException if one is missing or the cache cannot be written
   */
  static Path extract(String directory, String... names) throws IOException {
    Path target = null;
    for (String name : names) {
      URL url = NativeLibrary.class.getClassLoader().getResource(directory + name);
      if (url == null) {
        throw new IOException("no " + directory + name + " on the class path");
      }
      if (!(url.openConnection() instanceof JarURLConnection connection)) {
        throw new IOException(url + " is not in a jar");
      }
      ZipEntry entry = connection.getJarEntry();
      if (target == null) {
        target = cache().resolve("native").resolve(Long.toHexString(entry.getCrc()));
        Files.createDirectories(target);
      }
      extract(connection, entry.getSize(), target.resolve(name));
    }
    return target;
  }

  private static void extract(JarURLConnection connection, long size, Path file)
      throws IOException {
    if (Files.isRegularFile(file) && Files.size(file) == size) {
      return;
    }
    Path part = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
    try (InputStream in = connection.getInputStream()) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static Path cache() {
    String chosen = System.getProperty(CACHE_PROPERTY);
    if (chosen != null) {
      return Path.of(chosen);
    }
    String shared = System.getenv("XDG_CACHE_HOME");
    Path caches =
        shared == null || shared.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(shared);
    return caches.resolve("kanana");
  }
}
