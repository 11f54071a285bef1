package io.kanana.eval.model;

import io.kanana.core.error.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What can be said of a directory before a run: it may be one that an earlier job will make. */
final class ModelDirectories {
  private ModelDirectories() {}

  /**
   * The label, or that the directory is not there yet.
   *
   * @param key that names the directory
   * @throws ConfigException if something else is there
   */
  static String plan(String key, Path path, String label) {
    if (!Files.exists(path)) {
      return "not there yet: " + path;
    }
    if (!Files.isDirectory(path)) {
      throw new ConfigException(key, path + " is no directory; name one");
    }
    return label;
  }
}
