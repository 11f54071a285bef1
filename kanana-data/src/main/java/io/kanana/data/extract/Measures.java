package io.kanana.data.extract;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** How much text, text of links and good text each element of a page holds. */
final class Measures {
  /** Shorter blocks are no evidence of a main text. */
  private static final int LONG_BLOCK = 60;

  private static final double FEW_LINKS = 0.4;
  private static final double MOSTLY_LINKS = 0.65;

  /** Weights as in {@link Elements#weight}; {@code own} is what stands in no block within. */
  private static final class Measure {
    private long text;
    private long links;
    private long good;
    private long own;
    private long ownLinks;
  }

  private static final Measure NOTHING = new Measure();

  private final IdentityHashMap<Element, Measure> measures = new IdentityHashMap<>();

  private Measures() {}

  static Measures of(Element root) {
    Measures measures = new Measures();
    NodeTraversor.traverse(measures.new Count(root), root);
    return measures;
  }

  long text(Element element) {
    return measures.getOrDefault(element, NOTHING).text;
  }

  /** The text of long blocks with few links. */
  double good(Element element) {
    return measures.getOrDefault(element, NOTHING).good;
  }

  /** Takes out blocks that are mostly links and hold no good text. */
  void prune(Element root) {
    List<Element> linked = new ArrayList<>();
    NodeVisitor visitor =
        (Node node, int depth) -> {
          if (depth > 0 && node instanceof Element element && isLinkBlock(element)) {
            linked.add(element);
          }
        };
    NodeTraversor.traverse(visitor, root);
    Elements.remove(linked);
  }

  private boolean isLinkBlock(Element element) {
    String name = element.normalName();
    Measure measure = measures.getOrDefault(element, NOTHING);
    boolean whole = !name.equals("li") && !name.equals("td") && !name.equals("tr");
    return whole
        && Elements.isBlock(element)
        && !Elements.isHeading(element)
        && measure.good == 0
        && measure.text > 0
        && measure.links > MOSTLY_LINKS * measure.text;
  }

  private final class Count implements NodeVisitor {
    private final Element root;
    private int links;

    Count(Element root) {
      this.root = root;
    }

    @Override
    public void head(Node node, int depth) {
      if (node instanceof TextNode text) {
        int weight = Elements.weight(text.getWholeText());
        Measure measure = of(text.parent());
        measure.text += weight;
        measure.own += weight;
        if (links > 0) {
          measure.links += weight;
          measure.ownLinks += weight;
        }
      } else if (node.normalName().equals("a")) {
        links++;
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (!(node instanceof Element element)) {
        return;
      }
      links -= element.normalName().equals("a") ? 1 : 0;
      Measure measure = of(element);
      boolean block = Elements.isBlock(element);
      boolean good = measure.own >= LONG_BLOCK && measure.ownLinks < FEW_LINKS * measure.own;
      if (block && good && !Elements.isHeading(element)) {
        measure.good += measure.own - measure.ownLinks;
      }
      if (!element.equals(root) && element.parent() != null) {
        add(measure, of(element.parent()), block);
      }
    }

    private void add(Measure measure, Measure parent, boolean block) {
      parent.text += measure.text;
      parent.links += measure.links;
      parent.good += measure.good;
      parent.own += block ? 0 : measure.own;
      parent.ownLinks += block ? 0 : measure.ownLinks;
    }

    private Measure of(Element element) {
      return measures.computeIfAbsent(element, e -> new Measure());
    }
  }
}
