package io.kanana.data.filter.stats;

import java.util.List;

/** A table of HTML, row by row; cells are HTML already. */
record Rows(StringBuilder page) {
  Rows(StringBuilder page, String... heads) {
    this(page, List.of(heads));
  }

  Rows(StringBuilder page, List<String> heads) {
    this(page);
    page.append("<div class=\"scroll\"><table>\n<thead><tr>");
    for (String head : heads) {
      page.append("<th scope=\"col\">").append(Html.escape(head)).append("</th>");
    }
    page.append("</tr></thead>\n<tbody>\n");
  }

  void row(String... cells) {
    row(List.of(cells));
  }

  void row(List<String> cells) {
    page.append("<tr>");
    for (String cell : cells) {
      page.append("<td>").append(cell).append("</td>");
    }
    page.append("</tr>\n");
  }

  void end() {
    page.append("</tbody>\n</table></div>\n");
  }
}
