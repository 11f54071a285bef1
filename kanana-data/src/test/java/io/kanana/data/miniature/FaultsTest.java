package io.kanana.data.miniature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.data.document.Document;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultsTest {
  private static final int PAGES = 6000;
  private static final double RATE = 0.05;
  private static final MiniatureWeb CLEAN = MiniatureWeb.Config.of(PAGES, 1).create();
  private static final MiniatureWeb WEB = web(rates());
  private static final List<Document> ALL =
      LongStream.range(0, PAGES).mapToObj(WEB::document).toList();

  private static MiniatureWeb web(Map<String, Double> faults) {
    return new MiniatureWeb(
        new MiniatureWeb.Config(PAGES, 0.5, 1, List.of(PageKind.values()), faults));
  }

  private static Map<String, Double> rates() {
    return Arrays.stream(FaultKind.values())
        .collect(Collectors.toMap(FaultKind::label, kind -> RATE));
  }

  private static List<Document> with(FaultKind kind) {
    return ALL.stream()
        .filter(
            page ->
                kind == FaultKind.LOOK_ALIKE
                    ? page.metadata().containsKey("decoy")
                    : kind.label().equals(page.metadata().get("fault")))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void eachFaultIsPlantedAsOftenAsAskedFor(FaultKind kind) {
    assertThat(with(kind)).hasSizeBetween((int) (PAGES * RATE * 0.8), (int) (PAGES * RATE * 1.2));
  }

  @Test
  void otherPagesAreThoseOfAWebWithoutFaults() {
    for (int i = 0; i < PAGES; i++) {
      Document page = ALL.get(i);
      if (!page.metadata().containsKey("fault") && !page.metadata().containsKey("decoy")) {
        assertThat(page).isEqualTo(CLEAN.document(i));
      }
    }
    assertThat(web(Map.of()).document(7)).isEqualTo(CLEAN.document(7));
    assertThat(web(Map.of("spam", 0.0)).document(7)).isEqualTo(CLEAN.document(7));
  }

  @Test
  void aFaultyPageIsAFunctionOfSeedAndIndex() {
    MiniatureWeb again = web(rates());
    for (int i = PAGES - 1; i >= 0; i -= 7) {
      assertThat(again.document(i)).isEqualTo(ALL.get(i));
    }
  }

  @Test
  void duplicatesRepeatAnEarlierPageThatHasNoFault() {
    Set<String> before = new HashSet<>();
    for (Document page : ALL) {
      if ("exact-duplicate".equals(page.metadata().get("fault"))) {
        assertThat(before).contains(page.text());
      } else if (!page.metadata().containsKey("fault")) {
        before.add(page.text());
      }
    }
    for (Document page : with(FaultKind.NEAR_DUPLICATE)) {
      assertThat(before).doesNotContain(page.text());
    }
  }

  @Test
  void leaksHoldItemsOfTheExamAndNoOtherPageDoes() {
    Map<Language, List<Exam.Item>> exam =
        Arrays.stream(Language.values())
            .collect(Collectors.toMap(Function.identity(), l -> Exam.of(World.load(), l)));
    for (Document page : ALL) {
      boolean holds =
          exam.values().stream()
              .flatMap(List::stream)
              .anyMatch(item -> page.text().contains(item.text()));
      assertThat(holds).isEqualTo("benchmark-leak".equals(page.metadata().get("fault")));
    }
  }

  @Test
  void faultsAreWhatTheirNamesSay() {
    assertThat(with(FaultKind.TOO_SHORT)).allMatch(page -> page.text().length() <= 17);
    assertThat(with(FaultKind.WRONG_LANGUAGE))
        .allMatch(page -> Set.of("fr", "ja").contains(page.metadata().get("language")));
    assertThat(with(FaultKind.SPAM)).allMatch(page -> mostFrequentShare(page.text()) > 0.08);
    assertThat(with(FaultKind.MOJIBAKE))
        .allMatch(page -> page.text().codePoints().anyMatch(c -> c >= 0x80 && c != 0x2019));
    assertThat(with(FaultKind.PERSONAL_DATA)).allMatch(page -> page.text().matches("(?s).*\\d.*"));
  }

  private static double mostFrequentShare(String text) {
    Map<String, Integer> counts = new TreeMap<>();
    String[] words = text.strip().split("\\s+", -1);
    for (String word : words) {
      counts.merge(word, 1, Integer::sum);
    }
    return (double) counts.values().stream().mapToInt(n -> n).max().orElse(0) / words.length;
  }

  @Test
  void ratesOfUnknownFaultsOrBeyondOneAreRefused() {
    assertThatThrownBy(() -> web(Map.of("typos", 0.1)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("typos");
    assertThatThrownBy(() -> web(Map.of("spam", 0.6, "mojibake", 0.5)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("at most 1 together");
    assertThatThrownBy(() -> web(Map.of("spam", -0.1))).isInstanceOf(ConfigException.class);
  }
}
