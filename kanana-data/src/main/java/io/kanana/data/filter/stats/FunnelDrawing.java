package io.kanana.data.filter.stats;

import io.kanana.core.html.HtmlPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The funnel as SVG: a bar of documents after each step, and slopes between. Widths are percentages
 * and heights pixels, so that texts stay legible at any width of the page.
 *
 * @param stats what the steps did
 */
public record FunnelDrawing(CascadeStats stats) {
  private static final int ROW = 58;
  private static final int TEXT = 15;
  private static final int BAR_TOP = 22;
  private static final int BAR = 18;

  /**
   * @param share of the documents that were read, 0 to 1
   */
  private record Level(String name, String amount, double share) {}

  /** The CSS of a page that has such drawings. */
  public static String style() {
    return HtmlPage.style(FunnelDrawing.class, "drawing.css");
  }

  /** Appends it to a page that has {@link #style}. */
  public void appendTo(StringBuilder page) {
    List<Level> levels = levels();
    page.append(
        String.format(
            Locale.ROOT,
            "<svg class=\"funnel\" height=\"%d\" role=\"img\" aria-label=\"Documents after each step\">\n",
            levels.size() * ROW - (ROW - BAR_TOP - BAR)));
    for (int i = 0; i < levels.size(); i++) {
      level(page, levels.get(i), i * ROW);
      if (i + 1 < levels.size()) {
        slope(page, levels.get(i), levels.get(i + 1), i * ROW + BAR_TOP + BAR);
      }
    }
    page.append("</svg>\n");
  }

  private List<Level> levels() {
    List<Level> levels = new ArrayList<>();
    levels.add(level("read", stats.read().documents()));
    stats.steps().forEach(step -> levels.add(level(step.step(), step.out().documents())));
    return levels;
  }

  private Level level(String name, long documents) {
    long all = stats.read().documents();
    return new Level(
        name,
        Html.number(documents) + " (" + Html.percent(documents, all) + ")",
        all == 0 ? 0 : (double) documents / all);
  }

  private static void level(StringBuilder page, Level level, int top) {
    page.append(
        String.format(
            Locale.ROOT,
            """
            <text x="0" y="%d">%s</text><text class="amount" x="100%%" y="%d" text-anchor="end">%s</text>
            <rect class="lost" x="0" y="%d" width="100%%" height="%d"/><rect class="bar" x="%.3f%%" y="%d" width="%.3f%%" height="%d"/>
            """,
            top + TEXT,
            Html.escape(level.name),
            top + TEXT,
            level.amount,
            top + BAR_TOP,
            BAR,
            50 - 50 * level.share,
            top + BAR_TOP,
            100 * level.share,
            BAR));
  }

  /** Thin, since the names of the next step stand right below. */
  private static void slope(StringBuilder page, Level from, Level to, int top) {
    page.append(
        String.format(
            Locale.ROOT,
            """
            <svg x="0" y="%d" width="100%%" height="%d" viewBox="0 0 100 1" preserveAspectRatio="none"><polygon class="lost" points="%.3f,0 %.3f,0 %.3f,1 %.3f,1"/></svg>
            """,
            top,
            ROW - BAR_TOP - BAR - 4,
            50 - 50 * from.share,
            50 + 50 * from.share,
            50 + 50 * to.share,
            50 - 50 * to.share));
  }
}
