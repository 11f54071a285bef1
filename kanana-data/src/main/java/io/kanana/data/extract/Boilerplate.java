package io.kanana.data.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** Takes out of a page what its names say is not its text. */
final class Boilerplate {
  private static final Set<String> NEVER_TEXT =
      Set.of(
          "applet",
          "audio",
          "base",
          "button",
          "canvas",
          "datalist",
          "embed",
          "head",
          "iframe",
          "input",
          "link",
          "map",
          "meta",
          "noscript",
          "object",
          "option",
          "select",
          "style",
          "svg",
          "template",
          "textarea",
          "video");

  private static final Set<String> BESIDE = Set.of("aside", "dialog", "footer", "menu", "nav");

  private static final Set<String> ROLES =
      Set.of(
          "alert",
          "alertdialog",
          "banner",
          "complementary",
          "contentinfo",
          "dialog",
          "menu",
          "menubar",
          "navigation",
          "search",
          "tablist",
          "toolbar");

  /** A part of a class or an id that is one of these words names no main text. */
  private static final Set<String> WORDS =
      Set.of(
          "ad",
          "ads",
          "advert",
          "advertisement",
          "advertising",
          "adsbygoogle",
          "banner",
          "breadcrumb",
          "breadcrumbs",
          "byline",
          "comment",
          "comments",
          "consent",
          "cookie",
          "cookies",
          "copyright",
          "disqus",
          "editsection",
          "footer",
          "gdpr",
          "hidden",
          "infobox",
          "login",
          "masthead",
          "menu",
          "metadata",
          "modal",
          "nav",
          "navbar",
          "navbox",
          "navigation",
          "newsletter",
          "noprint",
          "outbrain",
          "pager",
          "pagination",
          "paywall",
          "popup",
          "print",
          "promo",
          "promoted",
          "recommend",
          "recommended",
          "related",
          "reflist",
          "respond",
          "rss",
          "share",
          "sharedaddy",
          "sharing",
          "sidebar",
          "sidenav",
          "signup",
          "skip",
          "social",
          "sponsor",
          "sponsored",
          "subscribe",
          "taboola",
          "tags",
          "toc",
          "toolbar",
          "tooltip",
          "widget",
          "widgets");

  /** What holds so much of a page is its text, whatever it is called. */
  private static final double TOO_MUCH = 0.4;

  private Boilerplate() {}

  static void remove(Element body) {
    List<Element> never = new ArrayList<>();
    each(
        body,
        element -> {
          if (NEVER_TEXT.contains(element.normalName()) || isCode(element)) {
            never.add(element);
          }
        });
    Elements.remove(never);
    Measures measures = Measures.of(body);
    double limit = TOO_MUCH * measures.text(body);
    List<Element> beside = new ArrayList<>();
    each(
        body,
        element -> {
          if (!element.equals(body) && measures.text(element) <= limit && isBeside(element)) {
            beside.add(element);
          }
        });
    Elements.remove(beside);
  }

  /** Scripts, but not those that hold formulas for a browser to set. */
  private static boolean isCode(Element element) {
    return element.normalName().equals("script") && !element.attr("type").startsWith("math/tex");
  }

  private interface Visit {
    void element(Element element);
  }

  private static void each(Element root, Visit visit) {
    NodeVisitor visitor =
        (Node node, int depth) -> {
          if (node instanceof Element element) {
            visit.element(element);
          }
        };
    NodeTraversor.traverse(visitor, root);
  }

  private static boolean isBeside(Element element) {
    String name = element.normalName();
    return BESIDE.contains(name)
        || (name.equals("header") && element.closest("article, main") == null)
        || name.equals("form")
        || isHidden(element)
        || ROLES.contains(element.attr("role").toLowerCase(Locale.ROOT))
        || isNamedSo(element);
  }

  private static boolean isHidden(Element element) {
    String style = element.attr("style");
    return element.hasAttr("hidden")
        || (element.attr("aria-hidden").equals("true") && element.selectFirst("math") == null)
        || style.replace(" ", "").toLowerCase(Locale.ROOT).contains("display:none");
  }

  private static boolean isNamedSo(Element element) {
    String name = element.normalName();
    boolean marked = name.equals("body") || Elements.isHeading(element) || name.equals("math");
    return !marked && (hasWord(element.attr("class")) || hasWord(element.id()));
  }

  /** Words end at what is no letter, and at a capital behind a small letter. */
  private static boolean hasWord(String names) {
    int from = 0;
    int length = Math.min(names.length(), 500);
    for (int i = 0; i <= length; i++) {
      boolean letter = i < length && Character.isLetter(names.charAt(i));
      boolean hump =
          letter
              && i > from
              && Character.isUpperCase(names.charAt(i))
              && Character.isLowerCase(names.charAt(i - 1));
      if (!letter || hump) {
        if (i > from && WORDS.contains(names.substring(from, i).toLowerCase(Locale.ROOT))) {
          return true;
        }
        from = letter ? i : i + 1;
      }
    }
    return false;
  }
}
