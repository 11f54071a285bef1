package io.kanana.core.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A page of HTML that needs no other file and runs nothing: whatever it shows, a browser is told to
 * load nothing. It is light or dark as its reader wants. For one thread.
 */
public final class HtmlPage {
  private final StringBuilder page = new StringBuilder();

  /**
   * Begins a page with its heading.
   *
   * @param title a text
   * @param style CSS of the page's own, after that of all pages
   */
  public HtmlPage(String title, String style) {
    String text = HtmlText.escape(title);
    page.append(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>""")
        .append(text)
        .append("</title>\n<style>\n")
        .append(style(HtmlPage.class, "page.css"))
        .append(style)
        .append("</style>\n</head>\n<body>\n<h1>")
        .append(text)
        .append("</h1>\n");
  }

  /**
   * A style sheet that is a resource beside a class.
   *
   * @throws UncheckedIOException if the class's jar is damaged
   */
  public static String style(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("a resource of this jar cannot be read", e);
    }
  }

  /** Where the rest is appended, as HTML. */
  public StringBuilder body() {
    return page;
  }

  /** The whole page; nothing can be appended after. */
  public String html() {
    return page.append("</body>\n</html>\n").toString();
  }
}
