package io.kanana.data.extract;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * The main text of an HTML page: what a reader came for, without navigation, advertisements,
 * notices and lists of links. By the density of text and of links, as in boilerplate detection with
 * shallow text features (Kohlsch&uuml;tter et al. 2010), helped by what elements are called;
 * headings stay as {@code #}, lists, code and tables as simple Markdown, formulas as TeX.
 *
 * @param title what the page calls itself, or empty
 * @param text paragraphs with an empty line between them; empty where nothing was found
 */
public record MainText(String title, String text) {
  /** An element counts as the main one if it holds so much of all good text. */
  private static final double SEMANTIC_SHARE = 0.5;

  private static final double DESCENT_SHARE = 0.9;

  private static final String SEMANTIC =
      "article, main, [role=main], [itemprop=articleBody], .mw-parser-output";

  /** Reads a page, however broken; never fails, in time linear in its length. */
  public static MainText of(String html) {
    Document page = Jsoup.parse(html);
    String title = title(page);
    Element body = page.body();
    Boilerplate.remove(body);
    Measures measures = Measures.of(body);
    Element main = main(body, measures);
    measures.prune(main);
    return new MainText(title, PageWriter.write(main));
  }

  private static String title(Document page) {
    Element open = page.selectFirst("meta[property=og:title]");
    String shared = open == null ? "" : open.attr("content").strip();
    return shared.isEmpty() ? page.title().strip() : shared;
  }

  private static Element main(Element body, Measures measures) {
    double all = measures.good(body);
    Element best = null;
    for (Element candidate : body.select(SEMANTIC)) {
      if (best == null || measures.good(candidate) > measures.good(best)) {
        best = candidate;
      }
    }
    boolean holdsMost = best != null && measures.good(best) >= SEMANTIC_SHARE * all;
    return descend(holdsMost ? best : body, measures);
  }

  /** Down to the smallest element that holds nearly all good text. */
  private static Element descend(Element from, Measures measures) {
    Element current = from;
    Element next = from;
    while (next != null) {
      current = next;
      next = null;
      for (Element child : current.children()) {
        boolean nearlyAll = measures.good(child) >= DESCENT_SHARE * measures.good(current);
        if (nearlyAll && measures.good(child) > 0 && Elements.holdsBlocks(child)) {
          next = child;
        }
      }
    }
    return current;
  }
}
