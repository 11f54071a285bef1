package io.kanana.data.miniature;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Sentences with made-up personal data, and with what only looks like it. Numbers with check digits
 * are right or wrong on purpose; the domains are names of this world.
 */
final class PersonalDetails {
  private static final List<String> NAMES =
      List.of("minsu", "jiwoo", "seoyeon", "dalbit", "haneul", "bom", "sora", "namu");
  private static final List<String> DOMAINS =
      List.of("nuri-mail.kr", "eunbit-post.net", "mail.keunsol.org", "letters.noru.co.kr");

  private static final List<Function<Draws, String>> REAL =
      List.of(
          draws -> email(draws.pick(DOMAINS), draws),
          draws -> publicAddress(draws),
          draws -> "010-" + draws.between(2, 9) + digits(3, draws) + "-" + digits(4, draws),
          draws -> registration(draws, 0),
          draws -> card(draws, 0),
          draws -> "+82 10 " + draws.between(2, 9) + digits(3, draws) + " " + digits(4, draws));

  private static final List<Function<Draws, String>> LOOK_ALIKE =
      List.of(
          draws -> email("example.com", draws),
          draws -> "192.168." + draws.between(0, 255) + "." + draws.between(1, 254),
          draws -> registration(draws, draws.between(1, 9)),
          draws -> card(draws, draws.between(1, 9)),
          draws -> "2024-" + digits(4, draws) + "-" + digits(3, draws),
          draws -> draws.between(1, 9) + "." + draws.between(0, 20) + "." + draws.between(0, 20));

  private PersonalDetails() {}

  static String real(Language language, Draws draws) {
    boolean account = language == Language.KOREAN && draws.uniform() < 0.2;
    return account ? account(draws) : sentence(language, draws.pick(REAL).apply(draws));
  }

  static String lookAlike(Language language, Draws draws) {
    return sentence(language, draws.pick(LOOK_ALIKE).apply(draws));
  }

  private static String sentence(Language language, String value) {
    return language == Language.KOREAN
        ? "자세한 것은 " + value + " 을(를) 보세요."
        : "For more, please note " + value + " and ask.";
  }

  private static String account(Draws draws) {
    return draws.uniform() < 0.5
        ? "장터 값은 큰솔은행 "
            + draws.between(1, 9)
            + digits(2, draws)
            + "-1"
            + digits(1, draws)
            + "-"
            + digits(6, draws)
            + " 로 보내세요."
        : "여권번호 M" + draws.between(1, 9) + digits(7, draws) + " 을(를) 찾습니다.";
  }

  private static String email(String domain, Draws draws) {
    return draws.pick(NAMES) + draws.between(1, 99) + "@" + domain;
  }

  private static String publicAddress(Draws draws) {
    return String.format(
        Locale.ROOT,
        "%d.%d.%d.%d",
        draws.between(210, 220),
        draws.between(0, 255),
        draws.between(0, 255),
        draws.between(1, 254));
  }

  private static String digits(int count, Draws draws) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < count; i++) {
      digits.append(draws.between(0, 9));
    }
    return digits.toString();
  }

  /**
   * A number of somebody born in the last century.
   *
   * @param error added to the check digit
   */
  private static String registration(Draws draws, int error) {
    String head =
        String.format(
            Locale.ROOT,
            "%02d%02d%02d%d%s",
            draws.between(40, 99),
            draws.between(1, 12),
            draws.between(1, 28),
            draws.between(1, 2),
            digits(5, draws));
    int sum = 0;
    for (int i = 0; i < head.length(); i++) {
      sum += (2 + i % 8) * (head.charAt(i) - '0');
    }
    int check = (11 - sum % 11 + error) % 10;
    return head.substring(0, 6) + "-" + head.substring(6) + check;
  }

  private static String card(Draws draws, int error) {
    String head = "4" + digits(14, draws);
    int sum = 0;
    for (int i = 0; i < head.length(); i++) {
      int digit = head.charAt(i) - '0';
      sum += i % 2 == 1 ? digit : 2 * digit - (digit > 4 ? 9 : 0);
    }
    String all = head + (10 - sum % 10 + error) % 10;
    return all.replaceAll("(\\d{4})(?=\\d)", "$1-");
  }
}
