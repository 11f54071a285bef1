package io.kanana.data.document;

import io.kanana.data.document.LineReader.Fault;
import io.kanana.data.document.LineReader.Line;
import java.io.IOException;

/**
 * The pages of a MediaWiki dump as wikitext, with {@code title}, {@code pageId}, {@code namespace}.
 * Redirects and pages of other namespaces are passed over. A dump is cut at its page elements
 * before it is parsed, so a page that is damaged costs itself alone.
 */
final class MediaWikiReader implements RecordReader {
  private static final String BEGIN = "<page>";
  private static final String END = "</page>";

  private final LineReader lines;
  private final FilesConfig config;
  private final RecordPlace place;

  private final GatheredText page;

  /** The line that is read, used up before {@code at}. */
  private String line = "";

  private int at;

  /** The next end of a page in the line, from where it was looked for; -1 where there is none. */
  private int end;

  private boolean inside;

  MediaWikiReader(LineReader lines, FilesConfig config, RecordPlace place) {
    this.lines = lines;
    this.config = config;
    this.place = place;
    this.page = new GatheredText(config, place);
  }

  @Override
  public long position() {
    return lines.lineNumber();
  }

  @Override
  public Document next() throws IOException {
    boolean more = true;
    while (more) {
      if (at == line.length()) {
        more = nextLine();
      }
      String whole = more ? take() : null;
      Document document = whole == null ? null : parsed(whole);
      if (document != null) {
        return document;
      }
    }
    if (inside) {
      inside = false;
      page.reject(new Fault("unclosed-page", "the dump ends within a page"));
    }
    return null;
  }

  private boolean nextLine() throws IOException {
    Line next = lines.next();
    if (next == null) {
      return false;
    }
    at = 0;
    line = next.fault() == null ? next.text() + "\n" : "";
    end = line.indexOf(END);
    if (inside) {
      page.fault(next.fault());
    } else if (next.fault() != null) {
      place.reject(lines.lineNumber(), next.fault());
    }
    return true;
  }

  /** Goes on to where a page begins or ends; one that ends is returned, unless it is rejected. */
  private String take() {
    int begin = line.indexOf(BEGIN, at);
    // a line may hold many pages and no more ends
    end = end >= 0 && end < at ? line.indexOf(END, at) : end;
    if (begin >= 0 && (!inside || end < 0 || begin < end)) {
      if (inside) {
        page.reject(new Fault("unclosed-page", "a page begins within it"));
      }
      open(begin);
    } else if (!inside) {
      at = line.length();
    } else if (end < 0) {
      takeTo(line.length());
    } else {
      takeTo(end + END.length());
      inside = false;
      return page.whole();
    }
    return null;
  }

  private void open(int begin) {
    inside = true;
    page.begin(lines.lineNumber());
    page.append(BEGIN);
    at = begin + BEGIN.length();
  }

  private void takeTo(int to) {
    page.append(line.substring(at, to));
    at = to;
  }

  private Document parsed(String whole) {
    MediaWikiPage parsed = MediaWikiPage.parse(whole);
    if (parsed == null) {
      page.reject(new Fault("not-xml", "the page element is not well-formed"));
      return null;
    }
    boolean wanted = !parsed.redirect() && config.namespaces().contains(parsed.namespace());
    return wanted && !parsed.text().isBlank() ? parsed.document(place) : null;
  }
}
