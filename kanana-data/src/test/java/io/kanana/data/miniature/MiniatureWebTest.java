package io.kanana.data.miniature;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MiniatureWebTest {
  private static final int PAGES = 4000;
  private static final MiniatureWeb WEB = MiniatureWeb.Config.of(PAGES, 1).create();
  private static final List<Document> ALL = pages();

  private static List<Document> pages() {
    List<Document> pages = new ArrayList<>();
    try (DocumentStream stream = WEB.open(rejected -> {})) {
      for (Document page = stream.next(); page != null; page = stream.next()) {
        pages.add(page);
      }
    }
    return pages;
  }

  @Test
  void aPageIsAFunctionOfSeedAndIndex() {
    assertThat(ALL).hasSize(PAGES).element(1234).isEqualTo(WEB.document(1234));
    assertThat(MiniatureWeb.Config.of(5, 2).create().document(3)).isNotEqualTo(WEB.document(3));
  }

  @Test
  void theFirstPagesNeverChange() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    LongStream.range(0, 1000)
        .forEach(i -> digest.update(WEB.document(i).text().getBytes(StandardCharsets.UTF_8)));
    assertThat(HexFormat.of().formatHex(digest.digest()))
        .as("a changed world or grammar changes every model that was trained on it; say so")
        .isEqualTo("603d100c51f0663d243fc9eb6d69b608e7f9bc37bec72718dc82540f4e138ccb");
  }

  @Test
  void pagesAreFinishedText() {
    assertThat(ALL)
        .allSatisfy(
            page -> {
              assertThat(page.text()).doesNotContain("{", "}", "[", "]", "(", ")", "  ", " .");
              assertThat(page.text()).endsWith("\n").doesNotContain("\n\n\n");
              assertThat(page.text().strip()).hasSizeGreaterThan(20);
            });
  }

  @Test
  void fewPagesAreAlike() {
    Set<String> texts = new HashSet<>();
    ALL.forEach(page -> texts.add(page.text()));
    assertThat(texts).hasSizeGreaterThan(PAGES * 98 / 100);
  }

  @Test
  void sharesOfLanguagesAndKindsAreThoseAskedFor() {
    assertThat(ALL.stream().filter(p -> p.metadata().get("language").equals("ko")).count())
        .isBetween(PAGES * 46L / 100, PAGES * 54L / 100);
    MiniatureWeb stories =
        new MiniatureWeb(new MiniatureWeb.Config(50, 1, 3, List.of(PageKind.STORY)));
    assertThat(LongStream.range(0, 50).mapToObj(stories::document))
        .extracting(Document::metadata)
        .allMatch(m -> m.get("kind").equals("story") && m.get("language").equals("ko"));
  }

  @Test
  void everySumIsRight() {
    Pattern sum = Pattern.compile("(\\d+) ([-+×÷]) (\\d+) = (\\d+)");
    long checked = 0;
    for (Document page : ALL) {
      Matcher matcher = sum.matcher(page.text());
      while (matcher.find()) {
        assertThat(value(matcher)).as(matcher.group()).isEqualTo(number(matcher, 4));
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(1000);
  }

  private static int number(MatchResult match, int group) {
    return Integer.parseInt(match.group(group));
  }

  private static int value(MatchResult match) {
    int a = number(match, 1);
    int b = number(match, 3);
    return switch (match.group(2)) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "×" -> a * b;
      default -> a % b == 0 ? a / b : -1;
    };
  }

  /** What a page answers is what the world answers, and most can be learned from some page. */
  @ParameterizedTest
  @EnumSource
  void pagesAnswerQuestionsAsTheWorldDoes(Language language) {
    Map<String, Question> questions =
        World.load().questions(language).stream()
            .collect(Collectors.toMap(Question::prompt, Function.identity()));
    Pattern exchange = Pattern.compile("((?:질문|Question): .*\n(?:답|Answer):) (.*)");
    Set<String> met = new HashSet<>();
    for (Document page : ALL) {
      Matcher matcher = exchange.matcher(page.text());
      while (matcher.find()) {
        Question question = questions.get(matcher.group(1));
        if (question != null) {
          assertThat(matcher.group(2)).as(question.text()).contains(question.answer());
          met.add(question.text());
        }
      }
    }
    assertThat(met).hasSizeGreaterThan(questions.size() * 9 / 10);
  }

  @Test
  void bothGrammarsHaveTheSameRules() {
    assertThat(sharedRules(Language.KOREAN)).isEqualTo(sharedRules(Language.ENGLISH));
  }

  private static Set<String> sharedRules(Language language) {
    Set<String> rules = new HashSet<>(Grammar.load(language).rules().keySet());
    rules.removeIf(rule -> rule.startsWith("answer.") || rule.endsWith(".low"));
    return rules;
  }
}
