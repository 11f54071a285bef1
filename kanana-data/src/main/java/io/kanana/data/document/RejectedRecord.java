package io.kanana.data.document;

/**
 * A record that could not become a document.
 *
 * @param file the file as it was found; an entry of an archive after it, {@code a.tar!b.txt}
 * @param line the number of the record's first line, from 1; of the record itself where a format
 *     has no lines; 0 for a whole file
 * @param reason the fault, in kebab-case: {@code not-json}, {@code text-missing}, ...
 * @param detail what was found, in a few words; well-formed Unicode, whatever it quotes
 */
public record RejectedRecord(String file, long line, String reason, String detail) {
  public RejectedRecord {
    detail = WellFormed.of(detail);
  }

  /** The fault and its place in one line. */
  @Override
  public String toString() {
    return file + ":" + line + ": " + reason + " (" + detail + ")";
  }
}
