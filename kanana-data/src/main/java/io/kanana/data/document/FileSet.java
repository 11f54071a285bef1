package io.kanana.data.document;

import io.kanana.core.error.DataException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** The files that a path, a directory or a glob names, in the order of their paths. */
final class FileSet {
  private FileSet() {}

  static List<Path> find(String pattern) {
    Path path = path(pattern);
    List<Path> files;
    if (DocumentFiles.isArtefact(path)) {
      files = DocumentFiles.of(path);
    } else if (Files.isDirectory(path)) {
      files = walk(path, file -> !file.getFileName().toString().startsWith("."));
    } else if (Files.exists(path)) {
      files = List.of(path);
    } else if (isGlob(pattern)) {
      files = walk(root(path), matcher(pattern));
    } else {
      throw new DataException(
          pattern + ": there is no such file; name files, directories or globs");
    }
    if (files.isEmpty()) {
      throw new DataException(pattern + ": no file is there; name at least one");
    }
    return files;
  }

  private static Path path(String pattern) {
    try {
      return Path.of(pattern);
    } catch (InvalidPathException e) {
      throw new DataException(e.getInput() + ": is no path (" + e.getReason() + "); mend it", e);
    }
  }

  private static PathMatcher matcher(String pattern) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException e) {
      throw new DataException(
          pattern
              + ": there is no such file, and as a glob it is broken ("
              + e.getDescription()
              + "); mend it",
          e);
    }
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
    try (Stream<Path> paths = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      return paths.filter(Files::isRegularFile).filter(matcher::matches).sorted().toList();
    } catch (UncheckedIOException e) {
      throw unreadable(root, e.getCause());
    } catch (IOException e) {
      throw unreadable(root, e);
    }
  }

  private static DataException unreadable(Path root, IOException e) {
    String place = e instanceof FileSystemException file ? file.getFile() : root.toString();
    String reason =
        e instanceof FileSystemLoopException
            ? "is a link to a directory above it; remove the link, or name the files"
            : "cannot be read (" + Reason.of(e) + "); name what can be read";
    return new DataException(place + ": " + reason, e);
  }
}
