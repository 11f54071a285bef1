package io.kanana.core.tokenizer;

import io.kanana.core.error.DataException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A regular expression from a {@code tokenizer.json}, run by {@link java.util.regex} within a
 * budget of steps, so that neither a hostile pattern nor a hostile text can hold a thread.
 */
final class RegexPattern implements TextPattern {
  private static final long FREE_STEPS = 100_000;
  private static final long STEPS_PER_CHARACTER = 1_000;

  private final String source;
  private final Pattern pattern;

  /**
   * @param source an expression in the dialect of Hugging Face's files (Oniguruma)
   * @throws IllegalArgumentException for a construct whose meaning differs between the dialects
   */
  RegexPattern(String source) {
    this.source = source;
    this.pattern = RegexDialect.compile(source);
  }

  @Override
  public void find(char[] text, int from, int to, SpanSink sink) {
    Matcher matcher = pattern.matcher(new Budgeted(text, from, to, source));
    int gap = from;
    while (found(matcher)) {
      int start = from + matcher.start();
      int end = from + matcher.end();
      if (start == end) {
        continue;
      }
      if (gap < start) {
        sink.span(gap, start, false);
      }
      sink.span(start, end, true);
      gap = end;
    }
    if (gap < to) {
      sink.span(gap, to, false);
    }
  }

  private boolean found(Matcher matcher) {
    try {
      return matcher.find();
    } catch (StackOverflowError e) {
      throw new DataException(tooCostly(source), e);
    }
  }

  private static String tooCostly(String source) {
    return "the pre-tokenizer pattern '"
        + Quoted.shortened(source)
        + "' needs too many steps for a text; split the text, or use a tokenizer with a simpler"
        + " pattern";
  }

  /** A text that counts how often it is looked at. */
  private static final class Budgeted implements CharSequence {
    private final char[] text;
    private final int from;
    private final int to;
    private final String source;
    private long steps;

    Budgeted(char[] text, int from, int to, String source) {
      this.text = text;
      this.from = from;
      this.to = to;
      this.source = source;
      this.steps = FREE_STEPS + STEPS_PER_CHARACTER * (to - from);
    }

    @Override
    public int length() {
      return to - from;
    }

    @Override
    public char charAt(int index) {
      if (--steps < 0) {
        throw new DataException(tooCostly(source));
      }
      return text[from + index];
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Budgeted(text, from + start, from + end, source);
    }

    @Override
    public String toString() {
      return new String(text, from, to - from);
    }
  }
}
