package io.kanana.core.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cells in rows of the same length; the first row has the titles.
 *
 * @param texts how many of the first columns are text, which stands to the left; the others are
 *     numbers, to the right
 */
public record Table(int texts, List<List<String>> rows) {
  private static final String GAP = "  ";

  public Table {
    rows = List.copyOf(rows);
  }

  /** For a terminal. */
  public List<String> lines() {
    int[] widths =
        IntStream.range(0, rows.getFirst().size())
            .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0))
            .toArray();
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

  /** For a Markdown file. */
  public List<String> markdown() {
    List<String> lines = new ArrayList<>();
    rows.forEach(row -> lines.add("| " + String.join(" | ", row) + " |"));
    int numbers = rows.getFirst().size() - texts;
    lines.add(1, "|---".repeat(texts) + "|---:".repeat(numbers) + "|");
    return lines;
  }
}
