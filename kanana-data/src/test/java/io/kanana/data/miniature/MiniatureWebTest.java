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
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MiniatureWebTest {
  private static final int PAGES = 4000;
  private final MiniatureWeb web = MiniatureWeb.Config.of(PAGES, 1).create();

  private List<Document> pages() {
    List<Document> pages = new ArrayList<>();
    try (DocumentStream stream = web.open(rejected -> {})) {
      for (Document page = stream.next(); page != null; page = stream.next()) {
        pages.add(page);
      }
    }
    return pages;
  }

  @Test
  void aPageIsAFunctionOfSeedAndIndex() {
    assertThat(pages()).hasSize(PAGES).element(1234).isEqualTo(web.document(1234));
    assertThat(MiniatureWeb.Config.of(5, 2).create().document(3)).isNotEqualTo(web.document(3));
  }

  @Test
  void theFirstPagesNeverChange() throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    LongStream.range(0, 1000)
        .forEach(i -> digest.update(web.document(i).text().getBytes(StandardCharsets.UTF_8)));
    assertThat(HexFormat.of().formatHex(digest.digest()))
        .as("a changed world or grammar changes every model that was trained on it; say so")
        .isEqualTo("09245efae0628305aa42557635e18a86dc4ad225394490ea08e4725559824c39");
  }

  @Test
  void pagesAreFinishedText() {
    assertThat(pages())
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
    pages().forEach(page -> texts.add(page.text()));
    assertThat(texts).hasSizeGreaterThan(PAGES * 98 / 100);
  }

  @Test
  void sharesOfLanguagesAndKindsAreThoseAskedFor() {
    assertThat(pages().stream().filter(p -> p.metadata().get("lang").equals("ko")).count())
        .isBetween(PAGES * 46L / 100, PAGES * 54L / 100);
    MiniatureWeb stories =
        new MiniatureWeb(new MiniatureWeb.Config(50, 1, 3, List.of(PageKind.STORY)));
    assertThat(LongStream.range(0, 50).mapToObj(stories::document))
        .extracting(Document::metadata)
        .allMatch(m -> m.get("kind").equals("story") && m.get("lang").equals("ko"));
  }

  @Test
  void everySumIsRight() {
    Pattern sum = Pattern.compile("(\\d+) ([-+×÷]) (\\d+) = (\\d+)");
    long checked = 0;
    for (Document page : pages()) {
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

  /** A model can only be asked what its pages said, and pages must say what the world says. */
  @ParameterizedTest
  @EnumSource
  void pagesAnswerQuestionsAsTheWorldDoes(Language language) {
    World world = World.load();
    String all = String.join("\n", pages().stream().map(Document::text).toList());
    long found =
        world.questions(language).stream()
            .filter(q -> all.contains(q.prompt() + q.completion().replaceFirst("입니다\\.$", "입니다")))
            .count();
    assertThat(found).isGreaterThan(world.facts().size() * 3L / 4);
    for (Question question : world.questions(language)) {
      Matcher asked = Pattern.compile(Pattern.quote(question.prompt()) + " (.*)").matcher(all);
      while (asked.find()) {
        assertThat(asked.group(1)).as(question.text()).contains(question.answer());
      }
    }
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
