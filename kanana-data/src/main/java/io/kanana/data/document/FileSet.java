package io.kanana.data.document;

import io.kanana.core.error.DataException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/** The files that a path, a directory or a glob names, in the order of their paths. */
final class FileSet {
  private FileSet() {}

  static List<Path> find(String pattern) {
    Path path = Path.of(pattern);
    List<Path> files;
    if (Files.isDirectory(path)) {
      files = walk(path, file -> !file.getFileName().toString().startsWith("."));
    } else if (Files.exists(path)) {
      files = List.of(path);
    } else if (isGlob(pattern)) {
      files = walk(root(path), FileSystems.getDefault().getPathMatcher("glob:" + pattern));
    } else {
      throw new DataException(
          pattern + ": there is no such file; data.documents names files, directories or globs");
    }
    if (files.isEmpty()) {
      throw new DataException(
          pattern + ": no file is there; data.documents must name at least one document");
    }
    return files;
  }

  private static boolean isGlob(String text) {
    return text.chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  /** The deepest directory above the first wildcard. */
  private static Path root(Path pattern) {
    Path root = pattern.isAbsolute() ? pattern.getRoot() : Path.of("");
    for (Path name : pattern) {
      if (isGlob(name.toString())) {
        break;
      }
      root = root.resolve(name);
    }
    return root;
  }

  private static List<Path> walk(Path root, PathMatcher matcher) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(Files::isRegularFile).filter(matcher::matches).sorted().toList();
    } catch (IOException e) {
      throw new DataException(root + ": the directory cannot be read (" + e + ")", e);
    }
  }
}
