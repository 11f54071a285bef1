package io.kanana.eval.model;

import io.kanana.core.error.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Directories that a configuration names, and that an earlier job of a pipeline may make. */
final class ModelDirectories {
  private ModelDirectories() {}

  /**
   * What can be said before a run: the label, or that the directory is not there yet.
   *
   * @param key that names the directory
   * @param what the directory is that of
   * @throws ConfigException if something else is there
   */
  static String plan(String key, Path path, String what, String label) {
    if (!Files.exists(path)) {
      return "not there yet: " + path;
    }
    check(key, path, what);
    return label;
  }

  /**
   * What must hold when a run begins.
   *
   * @throws ConfigException if the path is no directory
   */
  static void check(String key, Path path, String what) {
    if (!Files.isDirectory(path)) {
      throw new ConfigException(key, path + " is no directory; name that of " + what);
    }
  }
}
