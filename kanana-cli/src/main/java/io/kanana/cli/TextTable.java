package io.kanana.cli;

import java.util.ArrayList;
import java.util.List;

/** Columns for a terminal: the first ones to the left, the others, which are numbers, right. */
final class TextTable {
  private static final String GAP = "  ";

  private final int texts;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param texts how many of the first columns are text
   */
  TextTable(int texts, String... titles) {
    this.texts = texts;
    rows.add(List.of(titles));
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  List<String> lines() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, int[] widths) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < widths.length; i++) {
      String room = " ".repeat(widths[i] - row.get(i).length());
      cells.add(i < texts ? row.get(i) + room : room + row.get(i));
    }
    return String.join(GAP, cells).stripTrailing();
  }
}
