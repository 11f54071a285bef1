package io.kanana.data.document;

import io.kanana.data.document.FilesConfig.Split;
import io.kanana.data.document.LineReader.Line;
import java.io.IOException;

/**
 * Plain text, cut where {@link Split} says. Lines end in LF afterwards, whatever they ended in; a
 * document that holds a faulty line is rejected whole, blank ones are passed over.
 */
final class PlainTextReader implements RecordReader {
  private static final String MARK = "<|endoftext|>";

  private final LineReader lines;
  private final FilesConfig config;
  private final RecordPlace place;

  private final GatheredText text;

  /** The line that is not used up, from {@code at} on, or null. */
  private String line;

  private int at;
  private int documents;

  PlainTextReader(LineReader lines, FilesConfig config, RecordPlace place) {
    this.lines = lines;
    this.config = config;
    this.place = place;
    this.text = new GatheredText(config, place);
  }

  @Override
  public long position() {
    return lines.lineNumber();
  }

  @Override
  public Document next() throws IOException {
    boolean more = true;
    while (more) {
      more = gather();
      Document document = finish();
      if (document != null) {
        return document;
      }
    }
    return null;
  }

  /** Reads to the end of a document; false at the end of the file. */
  private boolean gather() throws IOException {
    text.begin(lines.lineNumber() + (line == null ? 1 : 0));
    boolean open = true;
    while (open) {
      if (line == null && !nextLine()) {
        return false;
      }
      open = line == null || take();
    }
    return true;
  }

  /** Goes to the next line, which a faulty one is not; false at the end of the file. */
  private boolean nextLine() throws IOException {
    Line next = lines.next();
    if (next == null) {
      return false;
    }
    line = next.text();
    at = 0;
    text.fault(next.fault());
    return true;
  }

  /** Takes what of the line belongs to this document; false where the document ends. */
  private boolean take() {
    int mark = config.split() == Split.END_OF_TEXT ? line.indexOf(MARK, at) : -1;
    if (mark >= 0) {
      text.append(line.substring(at, mark));
      at = mark + MARK.length();
      return false;
    }
    String rest = line.substring(at);
    line = null;
    if (config.split() == Split.BLANK_LINE && rest.isBlank()) {
      return false;
    }
    text.append(rest);
    text.append("\n");
    return true;
  }

  private Document finish() {
    String whole = text.whole();
    if (whole == null || whole.chars().allMatch(Character::isWhitespace)) {
      return null;
    }
    return Document.of(config.split() == Split.NONE ? place.id() : place.id(++documents), whole);
  }
}
