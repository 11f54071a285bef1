package io.kanana.data.document;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The LaTeX files of one paper as one text. An inclusion is looked for among the files given and
 * nowhere else; one that cannot be found, that includes itself or goes too far is left out.
 */
final class LatexProject {
  private static final int DEPTH = 20;
  private static final int INCLUSIONS = 2000;

  private static final Pattern INCLUSION =
      Pattern.compile(
          "\\\\(?:input|include|subfile)(?:\\s*\\{([^{}\n]{1,200})\\}|\\s+([^\\s\\\\{}%]{1,200}))"
              + "|\\\\(?:sub)?import\\*?\\{([^{}\n]{0,200})\\}\\{([^{}\n]{1,200})\\}");

  private static final Pattern DOCUMENT =
      Pattern.compile("(?m)^[^%\n]{0,200}\\\\document(class|style)\\b");
  private static final Pattern BEGIN = Pattern.compile("(?m)^[^%\n]{0,200}\\\\begin\\{document\\}");
  private static final Pattern PLAIN_TEX =
      Pattern.compile("(?m)^[^%\n]{0,200}\\\\(bye|magnification|end)\\b(?!\\{)");
  private static final Pattern USUAL_NAME =
      Pattern.compile("(main|ms|paper|article|manuscript)\\.(tex|ltx|latex)");

  private final Map<String, String> files = new LinkedHashMap<>();
  private final int maxBytes;

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> including = new ArrayDeque<>();
  private int inclusions;
  private long scanned;

  LatexProject(Map<String, String> files, int maxBytes) {
    files.forEach((name, text) -> this.files.put(normal(name), text));
    this.maxBytes = maxBytes;
  }

  /** The file that the paper begins with, or null where none does. */
  String main() {
    Set<String> included = included();
    Map<String, Integer> ranks = new HashMap<>();
    files.forEach((name, text) -> ranks.put(name, rank(text)));
    return files.keySet().stream()
        .filter(name -> !name.endsWith(".bbl") && ranks.get(name) > 0)
        .max(
            Comparator.<String>comparingInt(ranks::get)
                .thenComparingInt(name -> included.contains(name) ? 0 : 1)
                .thenComparingInt(name -> USUAL_NAME.matcher(lastName(name)).matches() ? 1 : 0)
                .thenComparingInt(name -> files.get(name).length())
                .thenComparing(Comparator.<String>naturalOrder().reversed()))
        .orElse(null);
  }

  private static int rank(String text) {
    boolean document = DOCUMENT.matcher(text).find();
    boolean begins = BEGIN.matcher(text).find();
    if (document || begins) {
      return document && begins ? 3 : 2;
    }
    return PLAIN_TEX.matcher(text).find() ? 1 : 0;
  }

  private static String lastName(String name) {
    return name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
  }

  private Set<String> included() {
    Set<String> names = new HashSet<>();
    for (String text : files.values()) {
      Matcher matcher = INCLUSION.matcher(text);
      while (matcher.find()) {
        String name = resolve(named(matcher), "");
        if (name != null) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /** The text of a main file with what it includes. */
  String text(String main) {
    out.setLength(0);
    inclusions = 0;
    scanned = 0;
    append(main);
    return out.toString();
  }

  private void append(String name) {
    including.push(name);
    String text = files.get(name);
    scanned += text.length();
    Matcher matcher = INCLUSION.matcher(text);
    int from = 0;
    int done = 0;
    while (out.length() < maxBytes && matcher.find(from)) {
      if (isComment(text, from, matcher.start())) {
        int line = text.indexOf('\n', matcher.start());
        from = line < 0 ? text.length() : line;
      } else {
        out.append(text, done, matcher.start());
        done = matcher.end();
        from = done;
        include(resolve(named(matcher), directory(name)));
      }
    }
    if (out.length() + text.length() - done <= maxBytes) {
      out.append(text, done, text.length());
    }
    including.pop();
  }

  private void include(String name) {
    boolean bounded =
        including.size() < DEPTH && inclusions < INCLUSIONS && scanned < 4L * maxBytes;
    if (name != null && bounded && !including.contains(name)) {
      inclusions++;
      append(name);
    }
  }

  private static String named(Matcher matcher) {
    if (matcher.group(4) != null) {
      return matcher.group(3) + "/" + matcher.group(4);
    }
    return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
  }

  private static String directory(String name) {
    int slash = name.lastIndexOf('/');
    return slash < 0 ? "" : name.substring(0, slash + 1);
  }

  /** TeX looks from where it was started; packages of inclusions also from the file itself. */
  private String resolve(String named, String directory) {
    String name = named.strip().replace("\"", "");
    for (String candidate : List.of(name, directory + name)) {
      for (String ending : List.of(".tex", "", ".ltx", ".latex")) {
        String found = normal(candidate + ending);
        if (files.containsKey(found)) {
          return found;
        }
      }
    }
    return null;
  }

  /** A name without {@code .} and {@code ..}; only ever a key. */
  private static String normal(String name) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        parts.pollLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  /** Whether a percent sign that counts stands before the place, in its line. */
  private static boolean isComment(String text, int from, int place) {
    boolean comment = false;
    for (int i = from; i < place; i++) {
      switch (text.charAt(i)) {
        case '\\' -> i += i + 1 < place && text.charAt(i + 1) != '\n' ? 1 : 0;
        case '%' -> comment = true;
        case '\n' -> comment = false;
        default -> {
          // says nothing
        }
      }
    }
    return comment;
  }
}
