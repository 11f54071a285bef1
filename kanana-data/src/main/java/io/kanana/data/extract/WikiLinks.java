package io.kanana.data.extract;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;

/** Links of wikitext as their labels; files, categories and links to other languages are gone. */
final class WikiLinks {
  private static final Set<String> GONE =
      Set.of(
          "file",
          "image",
          "category",
          "media",
          "파일",
          "그림",
          "분류",
          "datei",
          "bild",
          "kategorie",
          "fichier",
          "catégorie",
          "archivo",
          "categoría",
          "ファイル",
          "画像",
          "カテゴリ");

  /** What is longer stays as it is: many links within each other would copy it many times. */
  private static final int LONGEST = 2000;

  private final String text;
  private final StringBuilder out;
  private final Deque<Integer> open = new ArrayDeque<>();

  private WikiLinks(String text) {
    this.text = text;
    this.out = new StringBuilder(text.length());
  }

  static String labels(String text) {
    return new WikiLinks(text).run();
  }

  private String run() {
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (text.startsWith("[[", i)) {
        open.push(out.length());
        i += 2;
      } else if (text.startsWith("]]", i) && !open.isEmpty()) {
        close();
        i += 2;
      } else if (c == '[' && isAddress(i + 1)) {
        i = external(i);
      } else {
        if (c == '\n' && (text.startsWith("\n", i + 1) || text.startsWith("=", i + 1))) {
          open.clear();
        }
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  private void close() {
    int start = open.pop();
    String content = out.substring(start, Math.min(out.length(), start + LONGEST));
    int bar = content.indexOf('|');
    String target = (bar < 0 ? content : content.substring(0, bar)).strip();
    if (isGone(target)) {
      out.setLength(start);
    } else if (out.length() - start <= LONGEST) {
      out.setLength(start);
      out.append(shown(content, bar, target));
    }
  }

  private static String shown(String content, int bar, String target) {
    String label = bar < 0 ? target : content.substring(content.lastIndexOf('|') + 1);
    String shown = label.isBlank() ? withoutBrackets(target) : label;
    return shown.startsWith(":") ? shown.substring(1) : shown;
  }

  private static boolean isGone(String target) {
    int colon = target.indexOf(':');
    if (colon <= 0) {
      return false;
    }
    String given = target.substring(0, colon).strip();
    String space = given.toLowerCase(Locale.ROOT);
    // two or three small letters are a language
    boolean language = given.matches("[a-z]{2,3}(-[a-z]{2,8})?") && !target.contains(": ");
    return GONE.contains(space) || language;
  }

  /** A label that is left empty stands for the name before its brackets. */
  private static String withoutBrackets(String target) {
    int bracket = target.indexOf(" (");
    int colon = target.indexOf(':');
    return target.substring(colon + 1, bracket <= colon ? target.length() : bracket).strip();
  }

  private boolean isAddress(int at) {
    return text.startsWith("http://", at)
        || text.startsWith("https://", at)
        || text.startsWith("//", at)
        || text.startsWith("mailto:", at);
  }

  private int external(int at) {
    int space = -1;
    for (int i = at + 1; i < text.length() && i - at < 3000; i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        break;
      }
      space = c == ' ' && space < 0 ? i : space;
      if (c == ']') {
        out.append(space < 0 ? "" : text.substring(space + 1, i));
        return i + 1;
      }
    }
    return at + 1;
  }
}
