package io.kanana.core.html;

import java.util.List;

/**
 * A table, row by row; cells are HTML already. One that is too wide scrolls by itself.
 *
 * @param page where it goes
 */
public record HtmlTable(StringBuilder page) {
  /** Begins it; heads are text. */
  public HtmlTable(StringBuilder page, String... heads) {
    this(page, List.of(heads));
  }

  /** Begins it; heads are text. */
  public HtmlTable(StringBuilder page, List<String> heads) {
    this(page);
    page.append("<div class=\"scroll\"><table>\n<thead><tr>");
    for (String head : heads) {
      page.append("<th scope=\"col\">").append(HtmlText.escape(head)).append("</th>");
    }
    page.append("</tr></thead>\n<tbody>\n");
  }

  /** A row; as many cells as heads. */
  public void row(String... cells) {
    row(List.of(cells));
  }

  /** A row; as many cells as heads. */
  public void row(List<String> cells) {
    page.append("<tr>");
    for (String cell : cells) {
      page.append("<td>").append(cell).append("</td>");
    }
    page.append("</tr>\n");
  }

  /** Ends it. */
  public void end() {
    page.append("</tbody>\n</table></div>\n");
  }
}
