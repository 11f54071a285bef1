package io.kanana.data.extract;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.NodeTraversor;

/** Writes what is left of a page as text; goes through it without recursion. */
final class PageWriter implements NodeFilter {
  private static final String TEX = "application/x-tex";
  private static final int DEEPEST_LIST = 8;

  private final Blocks blocks = new Blocks();
  private final StringBuilder line = new StringBuilder();
  private final Deque<int[]> lists = new ArrayDeque<>();

  /** Of each open table, whether it holds data. */
  private final Deque<Boolean> tables = new ArrayDeque<>();

  private final Set<Element> layouts;
  private int pre;
  private int row;
  private int linked;
  private int links;
  private String marker = "";

  private PageWriter(Set<Element> layouts) {
    this.layouts = layouts;
  }

  static String write(Element root) {
    PageWriter writer = new PageWriter(Elements.layouts(root));
    NodeTraversor.filter(writer, root);
    writer.flush(Blocks.Kind.PARAGRAPH, "");
    return writer.blocks.text();
  }

  @Override
  public FilterResult head(Node node, int depth) {
    if (node instanceof TextNode text) {
      text(text.getWholeText());
      return FilterResult.CONTINUE;
    }
    if (!(node instanceof Element element)) {
      return FilterResult.CONTINUE;
    }
    String formula = formula(element);
    if (formula != null) {
      line.append(formula);
      return FilterResult.SKIP_CHILDREN;
    }
    begin(element);
    return FilterResult.CONTINUE;
  }

  /** Formulas as TeX: MathML with its source, and what browsers are to set. */
  private static String formula(Element element) {
    boolean script = element.normalName().equals("script");
    if (!script && !element.normalName().equals("math")) {
      return null;
    }
    boolean display =
        script
            ? element.attr("type").contains("mode=display")
            : element.attr("display").equals("block");
    String tex = script ? element.data() : tex(element);
    String fence = display ? "$$" : "$";
    if (tex.isBlank()) {
      return script ? "" : element.text();
    }
    return fence + tex.strip() + fence;
  }

  private static String tex(Element math) {
    Element annotation = math.selectFirst("annotation[encoding=" + TEX + "]");
    return annotation != null ? annotation.wholeText() : math.attr("alttext");
  }

  private void text(String text) {
    if (pre > 0) {
      line.append(text);
      return;
    }
    int before = line.length();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean white = c <= ' ' || c == '\u00A0' || c == '\u3000';
      boolean after = !line.isEmpty() && line.charAt(line.length() - 1) <= ' ';
      if (!white) {
        line.append(c);
      } else if (!after && !line.isEmpty()) {
        line.append(' ');
      }
    }
    linked += links > 0 ? line.length() - before : 0;
  }

  private void begin(Element element) {
    if (Elements.isBlock(element)) {
      if (row == 0) {
        flush(Blocks.Kind.PARAGRAPH, "");
      } else if (!line.isEmpty() && line.charAt(line.length() - 1) != ' ') {
        line.append(' ');
      }
    }
    switch (element.normalName()) {
      case "br" -> line.append(row > 0 ? ' ' : '\n');
      case "a" -> links++;
      case "pre" -> pre += row > 0 ? 0 : 1;
      case "table" -> tables.push(!layouts.contains(element));
      case "tr" -> row += isData() ? 1 : 0;
      case "ul" -> lists.push(new int[] {0});
      case "ol" -> lists.push(new int[] {1});
      case "li" -> marker = marker();
      case "code", "kbd", "samp" -> line.append(pre > 0 ? "" : "`");
      default -> {
        // blocks were begun above, and the rest is inline
      }
    }
  }

  private String marker() {
    if (lists.isEmpty()) {
      return "- ";
    }
    int[] number = lists.peek();
    String indent = "  ".repeat(Math.min(DEEPEST_LIST, lists.size() - 1));
    return indent + (number[0] == 0 ? "- " : number[0]++ + ". ");
  }

  @Override
  public FilterResult tail(Node node, int depth) {
    if (node instanceof Element element) {
      end(element);
    }
    return FilterResult.CONTINUE;
  }

  private void end(Element element) {
    switch (element.normalName()) {
      case "a" -> links--;
      case "code", "kbd", "samp" -> line.append(pre > 0 ? "" : "`");
      case "td", "th" -> line.append(row > 0 ? " | " : "");
      case "tr" -> endRow();
      case "table" -> {
        flushBlock(element);
        tables.poll();
      }
      case "pre" -> endPre();
      case "ul", "ol" -> {
        flushBlock(element);
        lists.poll();
      }
      default -> flushBlock(element);
    }
  }

  private void flushBlock(Element element) {
    if (row > 0 || !Elements.isBlock(element)) {
      return;
    }
    if (Elements.isHeading(element)) {
      flush(Blocks.Kind.HEADING, "#".repeat(element.normalName().charAt(1) - '0') + " ");
    } else {
      flush(Blocks.Kind.PARAGRAPH, "");
      marker = element.normalName().equals("li") ? "" : marker;
    }
  }

  private boolean isData() {
    return !tables.isEmpty() && tables.peek();
  }

  private void endRow() {
    if (row == 0) {
      flush(Blocks.Kind.PARAGRAPH, "");
    } else if (--row == 0) {
      String cells = line.toString().strip();
      line.setLength(0);
      linked = 0;
      String plain = cells.replace("|", "").strip();
      if (!plain.isEmpty()) {
        // one cell is no table: old pages are laid out so
        boolean alone = cells.indexOf('|') == cells.length() - 1;
        blocks.add(alone ? Blocks.Kind.PARAGRAPH : Blocks.Kind.ROW, alone ? plain : "| " + cells);
      }
    }
  }

  private void endPre() {
    pre = Math.max(0, pre - 1);
    if (row > 0 || pre > 0) {
      return;
    }
    String code = line.toString().replaceAll("\\s+$", "");
    line.setLength(0);
    linked = 0;
    if (!code.isBlank()) {
      blocks.add(Blocks.Kind.PARAGRAPH, "```\n" + code.replaceFirst("^\n+", "") + "\n```");
    }
  }

  private void flush(Blocks.Kind kind, String prefix) {
    if (pre > 0) {
      return;
    }
    String text = tidy(line);
    boolean mostlyLinks = linked > 0.8 * text.length() && text.length() < 100;
    boolean item = !marker.isEmpty() && kind == Blocks.Kind.PARAGRAPH;
    line.setLength(0);
    linked = 0;
    boolean beside = !item && kind != Blocks.Kind.HEADING && (mostlyLinks || isNotice(text));
    if (text.isEmpty() || beside) {
      return;
    }
    if (item) {
      blocks.add(Blocks.Kind.ITEM, marker + text.replace('\n', ' '));
      marker = " ".repeat(marker.length());
    } else {
      blocks.add(kind, prefix + (kind == Blocks.Kind.HEADING ? text.replace('\n', ' ') : text));
    }
  }

  private static String tidy(CharSequence text) {
    StringBuilder tidy = new StringBuilder(text.length());
    text.toString().lines().map(String::strip).forEach(l -> tidy.append(l).append('\n'));
    return tidy.toString().strip();
  }

  /** Short lines that stand on pages everywhere. */
  private static boolean isNotice(String text) {
    if (text.length() > 160) {
      return false;
    }
    String line = text.toLowerCase(Locale.ROOT);
    boolean cookies =
        line.contains("cookie")
            && (line.contains("accept") || line.contains("agree") || line.contains("consent"));
    return cookies
        || line.startsWith("skip to ")
        || line.startsWith("©")
        || line.startsWith("copyright ")
        || line.contains("all rights reserved")
        || line.contains("무단전재")
        || line.contains("무단 전재")
        || line.equals("advertisement")
        || line.equals("광고")
        || line.equals("read more");
  }
}
