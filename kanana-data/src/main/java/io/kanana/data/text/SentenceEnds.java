package io.kanana.data.text;

/** The rules of {@link SentenceRule}. */
final class SentenceEnds {
  private static final String STOPS = ".!?。！？…";
  private static final String CLOSERS = "\"'”’)]";

  /** Endings with which a Korean sentence closes, where white space follows. */
  private static final String[] CLOSING_ENDINGS = {
    "니다", "니까", "어요", "아요", "여요", "해요", "에요", "예요", "네요", "지요", "세요", "군요", "데요", "든요", "었다", "았다",
    "였다", "했다", "한다", "된다", "는다", "인다", "이다", "있다", "없다", "같다", "죠", "까요"
  };

  private static final ThreadLocal<Spans> WORDS = ThreadLocal.withInitial(Spans::new);

  private SentenceEnds() {}

  static void simple(char[] chars, int from, int to, Spans out) {
    int start = from;
    for (int i = from; i < to; i++) {
      if (STOPS.indexOf(chars[i]) >= 0) {
        int end = skip(chars, skip(chars, i, to, STOPS), to, CLOSERS);
        if (end == to || Characters.isSpace(chars[end])) {
          out.add(start, end);
          start = end;
        }
        i = end - 1;
      }
    }
    out.add(start, to);
  }

  private static int skip(char[] chars, int from, int to, String set) {
    int at = from;
    while (at < to && set.indexOf(chars[at]) >= 0) {
      at++;
    }
    return at;
  }

  /**
   * A word that is one terminal mark ends a sentence, which goes on over marks and punctuation to
   * the next other word.
   */
  static void english(char[] chars, int from, int to, Spans out) {
    Spans words = WORDS.get().clear();
    WordRule.ENGLISH.split(chars, from, to, words);
    int start = from;
    boolean ended = false;
    for (int i = 0; i < words.count(); i++) {
      boolean terminal = isTerminal(chars, words.from(i), words.to(i));
      if (ended && !terminal && !isPunctuation(chars, words.from(i), words.to(i))) {
        out.add(start, words.from(i));
        start = words.from(i);
        ended = false;
      }
      ended |= terminal;
    }
    out.add(start, to);
  }

  private static boolean isTerminal(char[] chars, int from, int to) {
    int first = Characters.at(chars, from, to);
    return Character.charCount(first) == to - from && Characters.isTerminal(first);
  }

  private static boolean isPunctuation(char[] chars, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isPunctuation(chars[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPunctuation(char c) {
    return switch (Character.getType(c)) {
      case Character.CONNECTOR_PUNCTUATION,
          Character.DASH_PUNCTUATION,
          Character.START_PUNCTUATION,
          Character.END_PUNCTUATION,
          Character.INITIAL_QUOTE_PUNCTUATION,
          Character.FINAL_QUOTE_PUNCTUATION,
          Character.OTHER_PUNCTUATION ->
          true;
      default -> false;
    };
  }

  static void korean(char[] chars, int from, int to, Spans out) {
    int start = from;
    for (int i = from; i < to; i++) {
      int end = i + 1;
      boolean stop = STOPS.indexOf(chars[i]) >= 0;
      if (stop) {
        end = skip(chars, skip(chars, i, to, STOPS), to, CLOSERS);
      }
      boolean closed = stop || closes(chars, start, end);
      boolean apart = end == to || Characters.isSpace(chars[end]);
      if (chars[i] == '\n' || (closed && apart)) {
        out.add(start, end);
        start = end;
      }
      i = end - 1;
    }
    out.add(start, to);
  }

  private static boolean closes(char[] chars, int from, int to) {
    char last = chars[to - 1];
    if (last != '다' && last != '요' && last != '죠' && last != '까') {
      return false;
    }
    for (String ending : CLOSING_ENDINGS) {
      if (endsWith(chars, from, to, ending)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsWith(char[] chars, int from, int to, String ending) {
    int start = to - ending.length();
    if (start < from) {
      return false;
    }
    for (int i = 0; i < ending.length(); i++) {
      if (chars[start + i] != ending.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
