package io.kanana.data.extract;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** What elements of HTML are, for a reader of text. */
final class Elements {
  private static final Set<String> BLOCKS =
      Set.of(
          "address",
          "article",
          "aside",
          "blockquote",
          "body",
          "caption",
          "center",
          "dd",
          "details",
          "dialog",
          "div",
          "dl",
          "dt",
          "fieldset",
          "figcaption",
          "figure",
          "footer",
          "form",
          "h1",
          "h2",
          "h3",
          "h4",
          "h5",
          "h6",
          "header",
          "hr",
          "html",
          "li",
          "main",
          "nav",
          "ol",
          "p",
          "pre",
          "section",
          "summary",
          "table",
          "tbody",
          "td",
          "tfoot",
          "th",
          "thead",
          "tr",
          "ul");

  /** What may hold a whole text. */
  private static final Set<String> CONTAINERS =
      Set.of(
          "article", "body", "center", "div", "form", "main", "section", "table", "tbody", "td",
          "tr");

  private static final Set<String> NOT_IN_CELLS =
      Set.of(
          "article", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section", "table");

  private static final int LONG_PARAGRAPH = 100;

  private Elements() {}

  /** Takes elements out, each parent's at once: one by one, each moves all behind it. */
  static void remove(Collection<Element> elements) {
    Set<Node> gone = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Element> parents = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Element element : elements) {
      gone.add(element);
      parents.add(element.parent());
    }
    for (Element parent : parents) {
      List<Node> left = new ArrayList<>(parent.childNodes());
      left.removeIf(gone::contains);
      parent.empty().appendChildren(left);
    }
  }

  /** The tables that lay out a page, as old pages do, rather than hold data. */
  static Set<Element> layouts(Element root) {
    Set<Element> layouts = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Element> open = new ArrayDeque<>();
    NodeTraversor.traverse(
        new NodeVisitor() {
          @Override
          public void head(Node node, int depth) {
            if (node instanceof Element element) {
              if (!open.isEmpty() && isNotInCells(element)) {
                layouts.add(open.peek());
              }
              if (element.normalName().equals("table")) {
                open.push(element);
              }
            }
          }

          @Override
          public void tail(Node node, int depth) {
            if (node.normalName().equals("table")) {
              open.poll();
            }
          }
        },
        root);
    return layouts;
  }

  private static boolean isNotInCells(Element element) {
    return NOT_IN_CELLS.contains(element.normalName())
        || (element.normalName().equals("p") && element.ownText().length() > LONG_PARAGRAPH);
  }

  static boolean isBlock(Element element) {
    return BLOCKS.contains(element.normalName());
  }

  static boolean holdsBlocks(Element element) {
    return CONTAINERS.contains(element.normalName());
  }

  static boolean isHeading(Element element) {
    String name = element.normalName();
    return name.length() == 2
        && name.charAt(0) == 'h'
        && name.charAt(1) >= '1'
        && name.charAt(1) <= '6';
  }

  /** The length of a text as a reader feels it: a letter of Korean or Chinese is worth two. */
  static int weight(String text) {
    int weight = 0;
    boolean space = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean white = c <= ' ' || c == '\u00A0';
      weight += white ? (space ? 0 : 1) : c >= 0x1100 ? 2 : 1;
      space = white;
    }
    return weight;
  }
}
