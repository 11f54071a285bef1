package io.kanana.data.extract;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jsoup.parser.Parser;

/**
 * Wikitext as text: formulas stay as TeX, headings as {@code ##}, {@code ###}, links as their
 * labels, tables as rows with bars; templates, references and files are gone. Markup that is never
 * closed costs itself and not what follows: it ends at the next heading. Time is linear in the
 * length.
 */
public final class Wikitext {
  private final Set<String> droppedSections;

  /**
   * @param droppedSections headings whose sections are left out, with what is below them
   */
  public Wikitext(Collection<String> droppedSections) {
    Set<String> names = new TreeSet<>();
    droppedSections.forEach(name -> names.add(name.strip().toLowerCase(Locale.ROOT)));
    this.droppedSections = names;
  }

  /** Safe for use by several threads. */
  public String text(String wikitext) {
    Kept kept = new Kept();
    String plain = Kept.free(wikitext).replace("\r\n", "\n");
    plain = WikiTags.remove(plain, kept);
    plain = WikiBraces.remove(plain);
    plain = WikiTables.rows(plain);
    plain = WikiLinks.labels(plain);
    return lines(plain, kept);
  }

  private String lines(String text, Kept kept) {
    Blocks blocks = new Blocks();
    List<String> paragraph = new ArrayList<>();
    int dropped = 0;
    for (String line : (text + "\n\n").split("\n", -1)) {
      int level = level(line);
      if (level > 0) {
        end(paragraph, blocks, kept);
        String title = WikiLine.plain(line.strip().substring(level, line.strip().length() - level));
        if (dropped == 0 || level <= dropped) {
          dropped = droppedSections.contains(title.toLowerCase(Locale.ROOT)) ? level : 0;
        }
        if (dropped == 0 && !title.isEmpty()) {
          blocks.add(Blocks.Kind.HEADING, "#".repeat(level) + " " + kept.restore(title));
        }
      } else if (dropped == 0) {
        line(line, paragraph, blocks, kept);
      }
    }
    end(paragraph, blocks, kept);
    return Parser.unescapeEntities(blocks.text(), false).replace('\u00A0', ' ').strip();
  }

  /** How many equals signs stand around a heading; 0 for another line. */
  static int level(String line) {
    String stripped = line.strip();
    int length = stripped.length();
    int level = 0;
    while (level < 6
        && 2 * level + 2 < length
        && stripped.charAt(level) == '='
        && stripped.charAt(length - 1 - level) == '=') {
      level++;
    }
    return level;
  }

  private static void line(String line, List<String> paragraph, Blocks blocks, Kept kept) {
    String item = WikiLine.item(line);
    boolean row = line.startsWith("| ") && line.endsWith(" |");
    if (item != null || row) {
      end(paragraph, blocks, kept);
      String whole = kept.restore(row ? WikiLine.plain(line) : item);
      if (!whole.isBlank()) {
        blocks.add(row ? Blocks.Kind.ROW : Blocks.Kind.ITEM, whole);
      }
    } else if (line.isBlank()) {
      end(paragraph, blocks, kept);
    } else {
      paragraph.add(WikiLine.plain(line));
    }
  }

  private static void end(List<String> paragraph, Blocks blocks, Kept kept) {
    String text = kept.restore(String.join("\n", paragraph)).strip();
    paragraph.clear();
    if (!text.isEmpty()) {
      blocks.add(Blocks.Kind.PARAGRAPH, text);
    }
  }
}
