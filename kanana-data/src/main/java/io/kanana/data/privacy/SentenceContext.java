package io.kanana.data.privacy;

import java.util.List;

/**
 * What the sentence around a place speaks of. Sentences, rather than distances, because they stay
 * the same when something in them is replaced. Asked about places in ascending order, it reads the
 * text once; for one thread.
 */
final class SentenceContext {
  private static final List<String> BANKS =
      List.of(
          "은행",
          "계좌",
          "농협",
          "수협",
          "신협",
          "새마을금고",
          "우체국",
          "카카오뱅크",
          "케이뱅크",
          "토스뱅크",
          "예금주",
          "Kookmin",
          "Shinhan",
          "Woori",
          "Hana Bank",
          "Nonghyup",
          "NongHyup",
          "KakaoBank",
          "K bank");

  private static final List<String> PASSPORTS = List.of("여권", "passport", "Passport", "PASSPORT");

  private final String text;
  private int start;
  private int end;
  private boolean bank;
  private boolean passport;

  SentenceContext(String text) {
    this.text = text;
  }

  boolean namesBank(int at) {
    moveTo(at);
    return bank;
  }

  boolean namesPassport(int at) {
    moveTo(at);
    return passport;
  }

  private void moveTo(int at) {
    if (at < end) {
      return;
    }
    while (end <= at) {
      start = end;
      end = sentenceEnd(end);
    }
    bank = names(BANKS);
    passport = names(PASSPORTS);
  }

  private boolean names(List<String> words) {
    return words.stream()
        .anyMatch(word -> text.indexOf(word, start, Math.min(end, text.length())) >= 0);
  }

  private int sentenceEnd(int from) {
    int at = from;
    while (at < text.length() && !endsSentence(at)) {
      at++;
    }
    return at + 1;
  }

  private boolean endsSentence(int at) {
    char c = text.charAt(at);
    if (c == '\n') {
      return true;
    }
    boolean mark = c == '.' || c == '!' || c == '?' || c == '。';
    boolean last = at + 1 == text.length() || Character.isWhitespace(text.charAt(at + 1));
    return mark && last && !text.startsWith("No", at - 2);
  }
}
