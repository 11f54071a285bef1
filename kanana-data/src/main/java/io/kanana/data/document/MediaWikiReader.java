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

  private String rest = "";
  private final StringBuilder page = new StringBuilder();
  private boolean inside;
  private long firstLine;
  private long bytes;
  private Fault fault;

  MediaWikiReader(LineReader lines, FilesConfig config, RecordPlace place) {
    this.lines = lines;
    this.config = config;
    this.place = place;
  }

  @Override
  public long position() {
    return lines.lineNumber();
  }

  @Override
  public Document next() throws IOException {
    boolean more = true;
    while (more) {
      if (rest.isEmpty()) {
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
      place.reject(firstLine, new Fault("unclosed-page", "the dump ends within a page"));
    }
    return null;
  }

  private boolean nextLine() throws IOException {
    Line line = lines.next();
    if (line == null) {
      return false;
    }
    if (line.fault() == null) {
      rest = line.text() + "\n";
    } else if (inside) {
      fault = fault == null ? line.fault() : fault;
    } else {
      place.reject(lines.lineNumber(), line.fault());
    }
    return true;
  }

  /** Moves {@code rest} into the page; a page that is whole is returned. */
  private String take() {
    if (!inside) {
      int begin = rest.indexOf(BEGIN);
      if (begin < 0) {
        rest = "";
        return null;
      }
      open(begin);
    }
    int end = rest.indexOf(END);
    int again = rest.indexOf(BEGIN, page.isEmpty() ? BEGIN.length() : 0);
    if (again >= 0 && (end < 0 || again < end)) {
      place.reject(firstLine, new Fault("unclosed-page", "a page begins within it"));
      open(again);
      return null;
    }
    if (end < 0) {
      append(rest);
      rest = "";
      return null;
    }
    append(rest.substring(0, end + END.length()));
    rest = rest.substring(end + END.length());
    return close();
  }

  private void open(int begin) {
    rest = rest.substring(begin);
    inside = true;
    firstLine = lines.lineNumber();
    page.setLength(0);
    bytes = 0;
    fault = null;
  }

  private void append(String part) {
    bytes += Document.utf8Length(part);
    if (bytes <= config.maxRecordBytes()) {
      page.append(part);
    } else if (fault == null) {
      fault = WholeFileReader.tooLong(config);
      page.setLength(1);
    }
  }

  private String close() {
    inside = false;
    if (fault != null) {
      place.reject(firstLine, fault);
      return null;
    }
    return page.toString();
  }

  private Document parsed(String whole) {
    MediaWikiPage parsed = MediaWikiPage.parse(whole);
    if (parsed == null) {
      place.reject(firstLine, new Fault("not-xml", "the page element is not well-formed"));
      return null;
    }
    boolean wanted = !parsed.redirect() && config.namespaces().contains(parsed.namespace());
    return wanted && !parsed.text().isBlank() ? parsed.document(place) : null;
  }
}
