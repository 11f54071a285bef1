package io.kanana.core.tokenizer;

/**
 * The {@code pattern} of a part: its text as it stands in the file, and the fastest thing that
 * finds it.
 */
final class SplitPattern implements TextPattern {
  private final String source;
  private final boolean regex;
  private final TextPattern finder;

  private SplitPattern(String source, boolean regex, TextPattern finder) {
    this.source = source;
    this.regex = regex;
    this.finder = finder;
  }

  static SplitPattern literal(String literal) {
    if (literal.isEmpty()) {
      throw new IllegalArgumentException("it is empty");
    }
    return new SplitPattern(literal, false, new LiteralPattern(literal));
  }

  /**
   * @throws IllegalArgumentException for an expression that cannot be run faithfully
   */
  static SplitPattern regex(String expression) {
    return new SplitPattern(
        expression,
        true,
        switch (expression) {
          case Llama3Scanner.LLAMA_3 -> new Llama3Scanner(3);
          case Llama3Scanner.QWEN_2 -> new Llama3Scanner(1);
          case Gpt2Scanner.GPT_2 -> new Gpt2Scanner();
          default -> new RegexPattern(expression);
        });
  }

  /** What finds it, if that is a scanner; otherwise null. */
  WordScanner scanner() {
    return finder instanceof WordScanner scanner ? scanner : null;
  }

  String source() {
    return source;
  }

  boolean isRegex() {
    return regex;
  }

  @Override
  public void find(char[] text, int from, int to, SpanSink sink) {
    finder.find(text, from, to, sink);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SplitPattern that && source.equals(that.source) && regex == that.regex;
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source;
  }
}
