package io.kanana.core.tokenizer;

import java.util.function.Consumer;

/** Strips the ends of one string that arrives in pieces. */
final class StripStage implements TokenDecoder.Stage {
  private final char content;
  private final int stop;
  private final Consumer<String> out;
  private int leading;
  private int held;

  StripStage(char content, int start, int stop, Consumer<String> out) {
    this.content = content;
    this.stop = stop;
    this.out = out;
    this.leading = start;
  }

  @Override
  public void accept(String piece) {
    int from = 0;
    while (leading > 0 && from < piece.length()) {
      if (piece.charAt(from) == content) {
        from++;
        leading--;
      } else {
        leading = 0;
      }
    }
    holdEnd(piece.substring(from));
  }

  /** Hands on all but the characters at the end that may turn out to be the text's end. */
  private void holdEnd(String piece) {
    int end = piece.length();
    int trailing = 0;
    while (end > 0 && trailing < stop && piece.charAt(end - 1) == content) {
      end--;
      trailing++;
    }
    boolean all = end == 0;
    int now = all ? Math.max(0, held + trailing - stop) : held;
    String certain = repeat(now) + piece.substring(0, end);
    held = all ? held + trailing - now : trailing;
    if (!certain.isEmpty()) {
      out.accept(certain);
    }
  }

  private String repeat(int count) {
    return String.valueOf(content).repeat(count);
  }

  @Override
  public void finish() {
    held = 0;
  }
}
