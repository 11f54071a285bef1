package io.kanana.eval.model;

import io.kanana.core.error.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory that a configuration names, and that an earlier job of a pipeline may make.
 *
 * @param key that names it
 * @param what it is that of, such as {@code a model}
 */
record NamedDirectory(String key, Path path, String what) {
  /**
   * What can be said before a run: the label, or that the directory is not there yet.
   *
   * @throws ConfigException if something else is there
   */
  String plan(String label) {
    if (!Files.exists(path)) {
      return "not there yet: " + path;
    }
    check();
    return label;
  }

  /**
   * What must hold when a run begins.
   *
   * @throws ConfigException if the path is no directory
   */
  void check() {
    if (!Files.isDirectory(path)) {
      throw new ConfigException(key, path + " is no directory; name that of " + what);
    }
  }
}
