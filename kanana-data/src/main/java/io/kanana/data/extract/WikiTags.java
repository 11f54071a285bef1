package io.kanana.data.extract;

import java.util.Locale;
import java.util.Set;

/**
 * Takes tags out of wikitext: formulas and code are kept away from later passes, references and
 * comments go with what they hold, other tags go alone.
 */
final class WikiTags {
  private static final Set<String> FORMULAS = Set.of("math", "chem", "ce");
  private static final Set<String> CODE = Set.of("syntaxhighlight", "source", "pre", "code");
  private static final Set<String> GONE =
      Set.of(
          "ref",
          "references",
          "gallery",
          "timeline",
          "imagemap",
          "score",
          "graph",
          "mapframe",
          "hiero",
          "templatedata",
          "templatestyles",
          "style",
          "script",
          "section",
          "indicator");

  /** A reference that is longer was never closed. */
  private static final int LONGEST_REFERENCE = 20_000;

  private static final int LONGEST_TAG = 2000;
  private static final String COMMENT = "<!--";
  private static final String COMMENT_END = "-->";

  private final String text;
  private final String lower;
  private final Kept kept;
  private final StringBuilder out;
  private final Marks ends;

  private WikiTags(String text, Kept kept) {
    this.text = text;
    this.lower = lower(text);
    this.kept = kept;
    this.out = new StringBuilder(text.length());
    this.ends = new Marks(lower);
  }

  static String remove(String text, Kept kept) {
    return new WikiTags(text, kept).run();
  }

  /** Of the same length, unlike what a locale makes of some letters. */
  private static String lower(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      lower.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
    }
    return lower.toString();
  }

  private String run() {
    int done = 0;
    for (int open = text.indexOf('<'); open >= 0; open = text.indexOf('<', done)) {
      out.append(text, done, open);
      done = tag(open);
    }
    return out.append(text, done, text.length()).toString();
  }

  /** Deals with what begins at a place; returns where to go on. */
  private int tag(int open) {
    if (text.startsWith(COMMENT, open)) {
      int end = ends.next(COMMENT_END, open);
      return end < 0 ? open + COMMENT.length() : end + COMMENT_END.length();
    }
    String name = name(open + 1);
    int close = name.isEmpty() ? -1 : tagEnd(open);
    if (close < 0) {
      out.append('<');
      return open + 1;
    }
    boolean empty = text.charAt(close - 1) == '/';
    if (lower.charAt(open + 1) == '/' || empty) {
      if (name.equals("br")) {
        out.append('\n');
      }
      return close + 1;
    }
    return begin(name, close + 1);
  }

  private int begin(String name, int from) {
    if (name.equals("br")) {
      out.append('\n');
      return from;
    }
    boolean script = name.equals("sub") || name.equals("sup");
    boolean known =
        FORMULAS.contains(name)
            || CODE.contains(name)
            || GONE.contains(name)
            || name.equals("nowiki")
            || script;
    String endTag = "</" + name;
    int end = known ? ends.next(endTag, from) : -1;
    if (end < 0) {
      return from;
    }
    if (GONE.contains(name)) {
      return end - from > LONGEST_REFERENCE && name.equals("ref") ? from : after(end, endTag);
    }
    if (script && !Scripts.holds(text, from, end)) {
      return from;
    }
    String content = text.substring(from, end);
    out.append(script ? Scripts.of(content, name.equals("sup")) : kept.keep(shown(name, content)));
    return after(end, endTag);
  }

  private static String shown(String name, String content) {
    if (FORMULAS.contains(name)) {
      String tex = content.strip().replaceAll("\\s*\n\\s*", " ");
      return tex.isEmpty() ? "" : "$" + (name.equals("math") ? tex : "\\ce{" + tex + "}") + "$";
    }
    if (name.equals("nowiki")) {
      return content;
    }
    return name.equals("code") ? "`" + content.strip() + "`" : "```\n" + content.strip() + "\n```";
  }

  private int after(int end, String endTag) {
    int close = text.indexOf('>', end);
    return close < 0 || close - end > LONGEST_TAG ? end + endTag.length() : close + 1;
  }

  private String name(int from) {
    int begin = from < lower.length() && lower.charAt(from) == '/' ? from + 1 : from;
    int end = begin;
    while (end < lower.length() && end - begin < 20 && isLetter(lower.charAt(end))) {
      end++;
    }
    return lower.substring(begin, end).toLowerCase(Locale.ROOT);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '1' && c <= '6');
  }

  /** Where a tag closes, which it must do soon and before another opens; -1 where it does not. */
  private int tagEnd(int open) {
    int limit = Math.min(text.length(), open + LONGEST_TAG);
    for (int i = open + 1; i < limit; i++) {
      char c = text.charAt(i);
      if (c == '>') {
        return i;
      }
      if (c == '<') {
        return -1;
      }
    }
    return -1;
  }
}
