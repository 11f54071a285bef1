package io.kanana.core.config;

/** Places in a configuration as {@code --set} writes them: {@code data.documents[0].path}. */
final class Paths {
  private Paths() {}

  static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  static String child(String path, int index) {
    return path + "[" + index + "]";
  }
}
