package io.kanana.data.document;

import io.kanana.data.document.FilesConfig.Split;
import io.kanana.data.document.LineReader.Fault;
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

  private final StringBuilder text = new StringBuilder();
  private String rest;
  private long bytes;
  private long firstLine;
  private Fault fault;
  private int documents;

  PlainTextReader(LineReader lines, FilesConfig config, RecordPlace place) {
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
    text.setLength(0);
    bytes = 0;
    fault = null;
    firstLine = lines.lineNumber() + (rest == null ? 1 : 0);
    boolean open = true;
    while (open) {
      if (rest == null && !nextLine()) {
        return false;
      }
      open = rest == null || take();
    }
    return true;
  }

  /** Makes the next line {@code rest}, unless it is faulty; false at the end of the file. */
  private boolean nextLine() throws IOException {
    Line line = lines.next();
    if (line == null) {
      return false;
    }
    rest = line.text();
    fault = fault == null ? line.fault() : fault;
    return true;
  }

  /** Moves what belongs to this document out of {@code rest}; false where the document ends. */
  private boolean take() {
    String line = rest;
    rest = null;
    int mark = config.split() == Split.END_OF_TEXT ? line.indexOf(MARK) : -1;
    if (mark >= 0) {
      append(line.substring(0, mark));
      rest = line.substring(mark + MARK.length());
      return false;
    }
    if (config.split() == Split.BLANK_LINE && line.isBlank()) {
      return false;
    }
    append(line);
    append("\n");
    return true;
  }

  private void append(String part) {
    bytes += Document.utf8Length(part);
    if (bytes <= config.maxRecordBytes()) {
      text.append(part);
    } else if (fault == null) {
      fault =
          new Fault(
              "too-long",
              "more than " + config.maxRecordBytes() + " bytes, which is max-record-bytes");
    }
  }

  private Document finish() {
    if (fault != null) {
      place.reject(firstLine, fault);
      return null;
    }
    if (text.chars().allMatch(Character::isWhitespace)) {
      return null;
    }
    return Document.of(
        config.split() == Split.NONE ? place.id() : place.id(++documents), text.toString());
  }
}
