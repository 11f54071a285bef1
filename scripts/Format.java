import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Formats every Java source of the project: {@code Format.java check|apply ROOT}. */
final class Format {
  private static final Formatter FORMATTER = new Formatter();

  public static void main(String[] args) throws Exception {
    boolean apply = args[0].equals("apply");
    List<Path> unformatted;
    try (Stream<Path> sources = sources(Path.of(args[1]))) {
      unformatted = sources.parallel().filter(source -> differs(source, apply)).sorted().toList();
    }
    if (apply || unformatted.isEmpty()) {
      return;
    }
    unformatted.forEach(source -> System.err.println("not formatted: " + source));
    System.err.println("Run: mvn -N process-sources -Dformat=apply");
    System.exit(1);
  }

  private static Stream<Path> sources(Path root) throws IOException {
    List<Path> roots;
    try (Stream<Path> modules = Files.list(root)) {
      roots = modules.map(module -> module.resolve("src")).filter(Files::isDirectory).toList();
    }
    return roots.stream().flatMap(Format::walk).filter(p -> p.toString().endsWith(".java"));
  }

  private static Stream<Path> walk(Path directory) {
    try {
      return Files.walk(directory);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean differs(Path source, boolean apply) {
    try {
      String before = Files.readString(source);
      String after = format(before);
      if (apply && !after.equals(before)) {
        Files.writeString(source, after);
      }
      return !after.equals(before);
    } catch (Exception e) {
      throw new IllegalStateException(source + ": " + e.getMessage(), e);
    }
  }

  private static String format(String source) throws Exception {
    String tidy = RemoveUnusedImports.removeUnusedImports(source);
    return FORMATTER.formatSource(
        ImportOrderer.reorderImports(tidy, JavaFormatterOptions.Style.GOOGLE));
  }
}
