package io.kanana.data.extract;

/**
 * LaTeX as text: paragraphs in reading order, formulas as TeX between dollars, {@code \section} as
 * {@code ##}, lists, tables and code as simple Markdown, simple macros of the author's put in;
 * comments, references, layout and the list of literature are gone. This is no TeX: what a package
 * would do is not done. Groups that are never closed cost themselves; time and size stay bounded
 * whatever macros do.
 */
public final class LatexText {
  private static final String BEGIN = "\\begin{document}";
  private static final String END = "\\end{document}";
  private static final String TITLE = "\\title";

  private LatexText() {}

  /** Safe for use by several threads. */
  public static String of(String latex) {
    Kept kept = new Kept();
    String source = Kept.free(latex).replace("\r\n", "\n").replace('\r', '\n');
    source = LatexSource.withoutComments(source, kept);
    int begin = source.indexOf(BEGIN);
    LatexMacros macros = new LatexMacros();
    if (begin < 0) {
      return written(macros.expand(macros.collect(source)), kept);
    }
    String preamble = macros.collect(source.substring(0, begin));
    int end = source.indexOf(END, begin);
    String body = source.substring(begin + BEGIN.length(), end < 0 ? source.length() : end);
    body = macros.expand(macros.collect(body));
    return written(macros.expand(title(preamble)) + "\n\n" + body, kept);
  }

  private static String title(String preamble) {
    int title = preamble.indexOf(TITLE);
    while (title >= 0) {
      int open = Groups.skipSpace(preamble, title + TITLE.length());
      if (Groups.isAt(preamble, open, '[')) {
        int close = Groups.end(preamble, open);
        open = close < 0 ? open : Groups.skipSpace(preamble, close + 1);
      }
      int close = Groups.isAt(preamble, open, '{') ? Groups.end(preamble, open) : -1;
      if (close >= 0) {
        return TITLE + preamble.substring(open, close + 1);
      }
      title = preamble.indexOf(TITLE, title + 1);
    }
    return "";
  }

  private static String written(String body, Kept kept) {
    return kept.restore(new LatexWriter(body, kept, 0).write()).strip();
  }
}
