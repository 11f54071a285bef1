package io.kanana.core.config;

/** Places in a configuration as {@code --set} writes them: {@code data.documents[0].path}. */
public final class Paths {
  private Paths() {}

  /** The place of a key in the section at {@code path}, which is empty for the whole. */
  public static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The place of an element in the list at {@code path}. */
  public static String child(String path, int index) {
    return path + "[" + index + "]";
  }
}
