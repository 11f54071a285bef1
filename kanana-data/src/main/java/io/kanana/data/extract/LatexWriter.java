package io.kanana.data.extract;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Goes once through LaTeX without comments and writes its text. */
final class LatexWriter {
  private static final int CELL_DEPTH = 3;
  private static final int DEEPEST_LIST = 6;
  private static final int LONGEST_FORMULA = 20_000;

  /** Ends a line within a paragraph, which the source's own lines do not. */
  private static final char LINE = '\u000B';

  /** What a group's end does. */
  private enum Close {
    NOTHING,
    BRACKET,
    HEADING,
    PARAGRAPH
  }

  private final String text;
  private final Kept kept;
  private final int depth;
  private final Marks ends;
  private final Blocks blocks = new Blocks();
  private final StringBuilder paragraph = new StringBuilder();
  private final Deque<Close> groups = new ArrayDeque<>();
  private final Deque<int[]> lists = new ArrayDeque<>();
  private Close pending = Close.NOTHING;
  private int heading;
  private int headings;
  private String marker = "";
  private int at;

  LatexWriter(String text, Kept kept, int depth) {
    this.text = text;
    this.kept = kept;
    this.depth = depth;
    this.ends = new Marks(text);
  }

  String write() {
    while (at < text.length()) {
      step(text.charAt(at));
    }
    flush();
    return blocks.text();
  }

  private void step(char c) {
    switch (c) {
      case '\\' -> command();
      case '$' -> dollar();
      case '{' -> open();
      case '}' -> close();
      case '~' -> put(" ");
      case '&' -> put(" ");
      case '\n' -> newline();
      case '-' -> dashes();
      case '`', '\'' -> quotes(c);
      default -> put(String.valueOf(c));
    }
  }

  private void put(String shown) {
    paragraph.append(shown);
    at++;
  }

  private void open() {
    groups.push(pending);
    headings += pending == Close.HEADING ? 1 : 0;
    pending = Close.NOTHING;
    at++;
  }

  private void close() {
    at++;
    Close close = groups.isEmpty() ? Close.NOTHING : groups.pop();
    switch (close) {
      case BRACKET -> paragraph.append(')');
      case HEADING -> {
        headings--;
        endHeading();
      }
      case PARAGRAPH -> flush();
      case NOTHING -> {
        // most groups only say how something looks
      }
    }
  }

  private void endHeading() {
    String title = tidy(paragraph).replace('\n', ' ');
    paragraph.setLength(0);
    if (!title.isEmpty()) {
      blocks.add(Blocks.Kind.HEADING, "#".repeat(heading) + " " + title);
    }
  }

  private void newline() {
    if (Groups.isBlank(text, at + 1)) {
      if (headings > 0) {
        // a heading does not go beyond its paragraph
        groups.clear();
        headings = 0;
        endHeading();
      }
      flush();
    }
    put("\n");
  }

  private void dashes() {
    if (text.startsWith("---", at)) {
      at += 2;
      put("—");
    } else if (text.startsWith("--", at)) {
      at++;
      put("–");
    } else {
      put("-");
    }
  }

  private void quotes(char c) {
    boolean twice = Groups.isAt(text, at + 1, c);
    at += twice ? 1 : 0;
    put(c == '`' ? twice ? "“" : "‘" : twice ? "”" : "'");
  }

  private void dollar() {
    boolean display = text.startsWith("$$", at);
    String fence = display ? "$$" : "$";
    int from = at + fence.length();
    int end = Formulas.end(text, fence, from);
    if (end < 0) {
      put("$");
      return;
    }
    formula(text.substring(from, end), display);
    at = end + fence.length();
  }

  private void formula(String tex, boolean display) {
    String plain = Formulas.tidy(tex);
    if (plain.isEmpty()) {
      return;
    }
    if (display) {
      paragraph.append(LINE).append(kept.keep("$$" + plain + "$$")).append(LINE);
    } else {
      paragraph.append(kept.keep("$" + plain + "$"));
    }
  }

  private void command() {
    int end = LatexMacros.nameEnd(text, at);
    String name = text.substring(at + 1, end);
    if (name.equals("(") || name.equals("[")) {
      bracketFormula(name);
      return;
    }
    at = end;
    if (LatexNames.isAccent(name) && isAccentHere(name)) {
      accent(name);
    } else if (name.length() == 1 && !Character.isLetter(name.charAt(0))) {
      sign(name.charAt(0));
    } else {
      named(name);
    }
  }

  private void bracketFormula(String name) {
    boolean display = name.equals("[");
    int from = at + 2;
    int end = ends.next(display ? "\\]" : "\\)", from);
    if (end < 0 || end - from > LONGEST_FORMULA) {
      at = from;
      return;
    }
    formula(text.substring(from, end), display);
    at = end + 2;
  }

  /** {@code \c} is an accent only before a letter or a group with one. */
  private boolean isAccentHere(String name) {
    int next = Groups.skipSpace(text, at);
    if (next >= text.length()) {
      return false;
    }
    char c = text.charAt(next);
    return (Character.isLetter(c) && !(Character.isLetter(name.charAt(0)) && next == at))
        || c == '{'
        || text.startsWith("\\i", next)
        || text.startsWith("\\j", next);
  }

  private void accent(String name) {
    int next = Groups.skipSpace(text, at);
    boolean group = text.charAt(next) == '{';
    int letter = group ? Groups.skipSpace(text, next + 1) : next;
    String base = "";
    int end = letter;
    if (Groups.isAt(text, letter, '\\')) {
      end = LatexMacros.nameEnd(text, letter);
      String symbol = LatexNames.symbol(text.substring(letter + 1, end));
      base = symbol == null ? "" : symbol;
    } else if (letter < text.length() && text.charAt(letter) != '}') {
      end = letter + 1;
      base = text.substring(letter, end);
    }
    paragraph.append(LatexNames.accented(name, base));
    at = group && Groups.isAt(text, end, '}') ? end + 1 : end;
  }

  private void sign(char c) {
    if ("%&_#${}".indexOf(c) >= 0) {
      paragraph.append(c);
    } else if (c == '\\') {
      at = skipBrackets(Groups.isAt(text, at, '*') ? at + 1 : at);
      paragraph.append('\n');
    } else if (" ,;:!/\n".indexOf(c) >= 0) {
      paragraph.append(c == '!' || c == '/' ? "" : " ");
    }
  }

  private void named(String name) {
    at = Groups.isAt(text, at, '*') ? at + 1 : at;
    String symbol = LatexNames.symbol(name);
    if (LatexNames.HEADINGS.containsKey(name)) {
      heading(LatexNames.HEADINGS.get(name));
    } else if (name.equals("begin")) {
      begin();
    } else if (name.equals("end")) {
      end();
    } else if (name.equals("item")) {
      item();
    } else if (name.equals("par")) {
      flush();
    } else if (symbol != null) {
      paragraph.append(symbol);
      space();
    } else if (LatexNames.GONE.contains(name)) {
      at = skipArguments(at);
    } else {
      other(name);
    }
  }

  private void other(String name) {
    switch (name) {
      case "footnote", "footnotetext" -> {
        at = skipBrackets(at);
        paragraph.append(" (");
        pending = Close.BRACKET;
      }
      case "caption" -> {
        at = skipBrackets(at);
        flush();
        pending = Close.PARAGRAPH;
      }
      case "multicolumn" -> at = skipGroup(skipGroup(at));
      default -> {
        at = skipBrackets(at);
        at = LatexNames.FIRST_GONE.contains(name) ? skipGroup(at) : at;
        space();
      }
    }
    if (pending != Close.NOTHING && !Groups.isAt(text, Groups.skipSpace(text, at), '{')) {
      pending = Close.NOTHING;
    }
  }

  /** TeX takes the spaces behind a command away. */
  private void space() {
    int next = Groups.skipSpace(text, at);
    boolean spaced = next > at && !paragraph.isEmpty();
    at = next;
    if (spaced && !Character.isWhitespace(paragraph.charAt(paragraph.length() - 1))) {
      boolean switches = next < text.length() && Character.isLetterOrDigit(text.charAt(next));
      paragraph.append(switches ? " " : "");
    }
  }

  private void heading(int level) {
    at = skipBrackets(at);
    int open = Groups.skipSpace(text, at);
    if (Groups.isAt(text, open, '{')) {
      flush();
      at = open;
      heading = level;
      pending = Close.HEADING;
    }
  }

  private void item() {
    flush();
    int open = Groups.skipSpace(text, at);
    String label = "";
    if (Groups.isAt(text, open, '[')) {
      int close = Groups.end(text, open);
      if (close >= 0) {
        label = inner(text.substring(open + 1, close)).replace('\n', ' ') + " ";
        at = close + 1;
      }
    }
    int[] number = lists.peek();
    String indent = "  ".repeat(Math.clamp(lists.size() - 1L, 0, DEEPEST_LIST));
    boolean counted = number != null && number[0] > 0;
    marker = indent + (counted ? number[0]++ + ". " : "- ");
    paragraph.append(label.isBlank() ? "" : label);
  }

  private String inner(String part) {
    return depth < CELL_DEPTH ? new LatexWriter(part, kept, depth + 1).write() : "";
  }

  private void begin() {
    String name = environment();
    if (name == null) {
      return;
    }
    String plain = name.endsWith("*") ? name.substring(0, name.length() - 1) : name;
    if (LatexNames.MATH.contains(plain)) {
      mathEnvironment(name, plain);
    } else if (LatexNames.TABLES.contains(plain)) {
      table(name);
    } else if (LatexNames.DRAWN.contains(plain)) {
      int end = ends.next("\\end{" + name + "}", at);
      at = end < 0 ? at : end;
    } else {
      transparent(plain);
    }
  }

  /** The name in braces, or null where there is none. */
  private String environment() {
    int open = Groups.skipSpace(text, at);
    int close = Groups.isAt(text, open, '{') ? Groups.near(text, '}', open, 60) : -1;
    if (close < 0) {
      return null;
    }
    at = close + 1;
    return text.substring(open + 1, close).strip();
  }

  private void mathEnvironment(String name, String plain) {
    String mark = "\\end{" + name + "}";
    int end = ends.next(mark, at);
    if (end < 0 || end - at > LONGEST_FORMULA) {
      return;
    }
    int from = plain.equals("alignat") ? skipGroup(at) : at;
    formula(Formulas.aligned(text.substring(from, end), plain), !plain.equals("math"));
    at = end + mark.length();
  }

  private void table(String name) {
    String mark = "\\end{" + name + "}";
    int end = ends.next(mark, at);
    flush();
    if (end < 0 || end - at > 50 * LONGEST_FORMULA) {
      at = skipArguments(at);
      return;
    }
    int from = Math.min(end, skipArguments(at));
    for (String row : Formulas.rows(text.substring(from, end))) {
      StringBuilder cells = new StringBuilder("|");
      for (String cell : Formulas.cells(row)) {
        cells.append(' ').append(inner(cell).replace('\n', ' ')).append(" |");
      }
      if (cells.chars().anyMatch(c -> c != '|' && c != ' ')) {
        blocks.add(Blocks.Kind.ROW, cells.toString());
      }
    }
    at = end + mark.length();
  }

  private void transparent(String name) {
    flush();
    switch (name) {
      case "itemize", "description", "compactitem" -> lists.push(new int[] {0});
      case "enumerate", "compactenum" -> lists.push(new int[] {1});
      case "abstract" -> blocks.add(Blocks.Kind.HEADING, "## Abstract");
      default -> {
        if (LatexNames.STATEMENTS.contains(name)) {
          paragraph.append(name.substring(0, 1).toUpperCase(Locale.ROOT));
          paragraph.append(name, 1, name.length()).append(". ");
        }
      }
    }
    at = skipBrackets(at);
    boolean sized = name.equals("minipage") || name.equals("multicols") || name.equals("adjustbox");
    at = sized ? skipGroup(at) : at;
  }

  private void end() {
    String name = environment();
    flush();
    if (name != null
        && (name.startsWith("item")
            || name.startsWith("enum")
            || name.startsWith("descr")
            || name.startsWith("compact"))) {
      lists.poll();
      marker = "";
    }
  }

  private int skipBrackets(int from) {
    int open = Groups.skipSpace(text, from);
    int close = Groups.isAt(text, open, '[') ? Groups.end(text, open) : -1;
    return close < 0 ? from : close + 1;
  }

  private int skipGroup(int from) {
    int open = Groups.skipSpace(text, from);
    int close = Groups.isAt(text, open, '{') ? Groups.end(text, open) : -1;
    return close < 0 ? from : close + 1;
  }

  private int skipArguments(int from) {
    int place = from;
    int next = skipGroup(skipBrackets(place));
    while (next > place) {
      place = next;
      next = skipGroup(skipBrackets(place));
    }
    return place;
  }

  private void flush() {
    String block = tidy(paragraph);
    paragraph.setLength(0);
    if (block.isEmpty()) {
      return;
    }
    if (marker.isEmpty()) {
      blocks.add(Blocks.Kind.PARAGRAPH, block);
    } else {
      blocks.add(Blocks.Kind.ITEM, marker + block.replace('\n', ' '));
      marker = " ".repeat(marker.length());
    }
  }

  /** Lines of a paragraph are one, but for formulas that stand alone. */
  private static String tidy(StringBuilder paragraph) {
    StringBuilder tidy = new StringBuilder(paragraph.length());
    boolean space = false;
    boolean line = false;
    for (int i = 0; i < paragraph.length(); i++) {
      char c = paragraph.charAt(i);
      line |= c == LINE;
      if (c == ' ' || c == '\n' || c == '\t' || c == LINE) {
        space = true;
      } else {
        put(tidy, c, space, line);
        space = false;
        line = false;
      }
    }
    return tidy.toString();
  }

  /** Before a full stop a removed reference leaves a space, or another full stop. */
  private static void put(StringBuilder tidy, char c, boolean space, boolean line) {
    char last = tidy.isEmpty() ? 0 : tidy.charAt(tidy.length() - 1);
    boolean stop = ".,;:)".indexOf(c) >= 0;
    boolean joins = stop && space && !line && (Character.isLetterOrDigit(last) || last == '.');
    if (joins && last == '.' && c == '.') {
      return;
    }
    if (space && last != 0 && !joins) {
      tidy.append(line ? '\n' : ' ');
    }
    tidy.append(c);
  }
}
