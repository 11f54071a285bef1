package io.kanana.core.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Cells in rows of the same length; the first row has the titles. */
public record Table(List<List<String>> rows) {
  public Table {
    rows = List.copyOf(rows);
  }

  /** For a terminal: the first column to the left, the others to the right. */
  public List<String> lines() {
    int[] widths =
        IntStream.range(0, rows.getFirst().size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String blanks = " ".repeat(widths[i] - row.get(i).length());
      line.append(i == 0 ? "" : "  ");
      line.append(i == 0 ? row.get(i) + blanks : blanks + row.get(i));
    }
    return line.toString().stripTrailing();
  }

  /** For a Markdown file. */
  public List<String> markdown() {
    List<String> lines = new ArrayList<>();
    rows.forEach(row -> lines.add("| " + String.join(" | ", row) + " |"));
    lines.add(1, "|---" + "|---:".repeat(rows.getFirst().size() - 1) + "|");
    return lines;
  }
}
