import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Formats every Java source of the project: {@code Format.java check|apply ROOT}. Contents that were
 * found to be formatted are remembered in {@code target/formatter/formatted}, so that a build looks
 * at changed sources alone.
 */
final class Format {
  private static final Formatter FORMATTER = new Formatter();

  /** Digests of contents that are formatted. */
  private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

  public static void main(String[] args) throws Exception {
    boolean apply = args[0].equals("apply");
    Path memory = Path.of(args[1], "target/formatter/formatted");
    if (Files.exists(memory)) {
      KNOWN.addAll(Files.readAllLines(memory));
    }
    List<Path> unformatted;
    try (Stream<Path> sources = sources(Path.of(args[1]))) {
      unformatted = sources.parallel().filter(source -> differs(source, apply)).sorted().toList();
    }
    Files.write(memory, SEEN.stream().sorted().toList());
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
      String after = KNOWN.contains(digest(before)) ? before : format(before);
      boolean same = after.equals(before);
      if (apply && !same) {
        Files.writeString(source, after);
      }
      if (apply || same) {
        SEEN.add(digest(after));
      }
      return !same;
    } catch (Exception e) {
      throw new IllegalStateException(source + ": " + e.getMessage(), e);
    }
  }

  private static String format(String source) throws Exception {
    String tidy = RemoveUnusedImports.removeUnusedImports(source);
    return FORMATTER.formatSource(
        ImportOrderer.reorderImports(tidy, JavaFormatterOptions.Style.GOOGLE));
  }

  /** Of the content and of the formatter, whose version stands in the name of its jar. */
  private static String digest(String content) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(System.getProperty("java.class.path").getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest(content.getBytes(StandardCharsets.UTF_8)));
  }
}
