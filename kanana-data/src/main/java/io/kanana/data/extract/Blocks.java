package io.kanana.data.extract;

/** Puts blocks of text below one another; a heading that nothing follows is left out. */
final class Blocks {
  enum Kind {
    PARAGRAPH,
    HEADING,
    /** Of a list. */
    ITEM,
    /** Of a table. */
    ROW
  }

  private final StringBuilder out = new StringBuilder();
  private Kind last;
  private int end;

  void add(Kind kind, String text) {
    boolean close = kind == last && (kind == Kind.ITEM || kind == Kind.ROW);
    if (last != null) {
      out.append(close ? "\n" : "\n\n");
    }
    out.append(text);
    last = kind;
    end = kind == Kind.HEADING ? end : out.length();
  }

  /** All of it, without headings at its end. */
  String text() {
    return out.substring(0, end);
  }
}
