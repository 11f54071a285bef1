package io.kanana.data.extract;

import java.util.ArrayList;
import java.util.List;

/** Tables of wikitext as rows, {@code | a | b |}; one that is never closed ends at a heading. */
final class WikiTables {
  private final StringBuilder out = new StringBuilder();
  private final List<StringBuilder> cells = new ArrayList<>();
  private int depth;

  private WikiTables() {}

  static String rows(String text) {
    return text.contains("{|") ? new WikiTables().run(text) : text;
  }

  private String run(String text) {
    for (String line : text.split("\n", -1)) {
      String start = line.stripLeading();
      if (start.startsWith("{|") || start.startsWith(":{|")) {
        endRow();
        depth++;
      } else if (depth == 0) {
        out.append(line).append('\n');
      } else if (Wikitext.level(line) > 0) {
        endRow();
        depth = 0;
        out.append('\n').append(line).append('\n');
      } else {
        inside(start);
      }
    }
    endRow();
    return out.toString();
  }

  private void inside(String line) {
    if (line.startsWith("|}")) {
      endRow();
      depth--;
      out.append(depth == 0 ? line.substring(2) + "\n" : "");
    } else if (line.startsWith("|-")) {
      endRow();
    } else if (line.startsWith("|+")) {
      endRow();
      out.append(withoutAttributes(line.substring(2)).strip()).append('\n');
    } else if (line.startsWith("|") || line.startsWith("!")) {
      cells(line.substring(1), line.charAt(0) == '!');
    } else if (!cells.isEmpty() && !line.isBlank()) {
      cells.getLast().append(' ').append(line.strip());
    }
  }

  private void cells(String line, boolean header) {
    String separated = header ? line.replace("!!", "||") : line;
    int from = 0;
    for (int bar = separated.indexOf("||"); bar >= 0; bar = separated.indexOf("||", from)) {
      cells.add(new StringBuilder(withoutAttributes(separated.substring(from, bar)).strip()));
      from = bar + 2;
    }
    cells.add(new StringBuilder(withoutAttributes(separated.substring(from)).strip()));
  }

  /** A single bar ends what says how a cell looks; one within a link does not. */
  private static String withoutAttributes(String cell) {
    int bar = cell.indexOf('|');
    int link = cell.indexOf("[[");
    return bar >= 0 && (link < 0 || bar < link) ? cell.substring(bar + 1) : cell;
  }

  private void endRow() {
    boolean blank = cells.stream().allMatch(cell -> cell.toString().isBlank());
    if (!blank) {
      out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
    cells.clear();
  }
}
