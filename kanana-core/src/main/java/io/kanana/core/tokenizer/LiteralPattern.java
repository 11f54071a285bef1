package io.kanana.core.tokenizer;

/** Occurrences of one string, from left to right without overlap. */
record LiteralPattern(String literal) implements TextPattern {
  @Override
  public void find(char[] text, int from, int to, SpanSink sink) {
    int gap = from;
    int i = from;
    while (i + literal.length() <= to) {
      if (matches(text, i)) {
        if (gap < i) {
          sink.span(gap, i, false);
        }
        sink.span(i, i + literal.length(), true);
        i += literal.length();
        gap = i;
      } else {
        i++;
      }
    }
    if (gap < to) {
      sink.span(gap, to, false);
    }
  }

  private boolean matches(char[] text, int at) {
    for (int k = 0; k < literal.length(); k++) {
      if (text[at + k] != literal.charAt(k)) {
        return false;
      }
    }
    return true;
  }
}
