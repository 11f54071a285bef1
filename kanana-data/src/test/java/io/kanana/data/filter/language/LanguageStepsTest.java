package io.kanana.data.filter.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.ExtensionContract;
import io.kanana.core.extension.ExtensionProvider;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CascadeStepContract;
import io.kanana.data.filter.Verdict;
import io.kanana.data.filter.language.LanguageIdentifier.Guess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageStepsTest extends ExtensionContract {
  private static final LanguageFilter.Config KOREAN_AND_ENGLISH =
      new LanguageFilter.Config(new ScriptIdentifier.Config(), List.of("ko", "en"), 0.65);

  @Override
  protected ExtensionProvider provider() {
    return new LanguageSteps();
  }

  @Override
  protected Map<String, String> required() {
    return Map.of("language-identifier/fasttext", "model: lid.ftz");
  }

  /** What becomes of a Korean document about which the identifier is this sure. */
  private static Verdict verdict(double score, String... languages) {
    LanguageIdentifier identifier = text -> new Guess(text, score);
    return new LanguageFilter(identifier, Set.of(languages), 0.5)
        .apply(new Document("d", "ko", Map.of("language", "xx", "n", 1)));
  }

  @Nested
  class Languages extends CascadeStepContract {
    @Override
    protected CascadeStep.Config config() {
      return KOREAN_AND_ENGLISH;
    }

    @Override
    protected List<Document> documents() {
      return List.of(
          Document.of("ko", "강은 마을을 가로질러 바다로 흐른다."),
          Document.of("en", "The river runs through the valley and into the sea."),
          Document.of("de", "Der Fluss ist nicht nur durch das Tal zu sehen."),
          Document.of("none", "1, 2, 3"));
    }
  }

  @Test
  void writesWhatItFound() {
    Document found =
        new Document("d", "ko", Map.of("language", "ko", "languageScore", 0.75, "n", 1));
    assertThat(verdict(0.75, "ko", "en")).isEqualTo(Verdict.keep(found));
    assertThat(verdict(0.75)).isEqualTo(Verdict.keep(found));
  }

  @Test
  void dropsOtherLanguagesAndGuesses() {
    assertThat(verdict(0.75, "en")).isEqualTo(Verdict.drop("other-language", "ko"));
    assertThat(verdict(0.25, "ko")).isEqualTo(Verdict.drop("uncertain-language", 0.25));
  }

  @Test
  void theLeastScoreIsAShare() {
    assertThatThrownBy(
            () -> new LanguageFilter.Config(new ScriptIdentifier.Config(), List.of(), 1.5))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("min-score");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "ko | 강은 마을을 가로질러 바다로 흐른다.",
        "ko | 大韓民國의 主權은 國民에게 있고, 모든 권력은 국민으로부터 나온다.",
        "ko | 이 함수는 list 를 받아 sort 한 다음 돌려줍니다.",
        "en | The river runs through the valley and nobody has seen it dry.",
        "de | Der Fluss fließt durch das Tal und niemand hat ihn je trocken gesehen.",
        "fr | La rivière coule dans la vallée et personne ne la voit à sec.",
        "es | El río corre por el valle y nadie lo ha visto seco.",
        "vi | Con sông chảy qua thung lũng và không ai thấy nó cạn.",
        "ja | 川は谷を通って海へ流れていく。",
        "zh | 河水流过山谷，从来没有人见过它干涸。",
        "ru | Река течёт через долину, и никто не видел её сухой.",
        "uk | Річка тече через долину, і ніхто не бачив її сухою.",
        "ar | يجري النهر عبر الوادي ولم يره أحد جافا.",
        "el | Το ποτάμι περνά μέσα από την κοιλάδα.",
        "th | แม่น้ำไหลผ่านหุบเขา",
        "en | Kim's and Park’s sisters don't know Lee's brother's car.",
        "und | 123 + 456 = 579"
      })
  void scriptsTellLanguages(String language, String text) {
    assertThat(new ScriptIdentifier().identify(text).language()).isEqualTo(language);
  }

  @Test
  void aMixedTextIsUncertain() {
    ScriptIdentifier scripts = new ScriptIdentifier();
    String korean = "강은 마을을 가로질러 흐른다.";
    assertThat(scripts.identify(korean).score()).isEqualTo(1);
    assertThat(scripts.identify(korean + " The river runs through all of the valley.").score())
        .isLessThan(0.65);
  }

  /** Most letters of such pages belong to commands and addresses. */
  @Test
  void codeAndAddressesAreInNoLanguage() {
    ScriptIdentifier scripts = new ScriptIdentifier();
    String page =
        """
        # 강 지도

        > 지도를 그립니다. <https://maps.example.org/of/all/rivers?lang=en>

        - 지도를 파일로 저장:

        `draw --format svg {{path/to/the/map.svg}} ``--all` `

        ```
        for river in rivers:
            print(river.name of the sea)
        ```
        https://www.example.org/a/b에서 더 봅니다.
        """;
    assertThat(scripts.identify(page).language()).isEqualTo("ko");
    assertThat(scripts.identify(page).score()).isGreaterThan(0.9);
    assertThat(scripts.identify(page.replace("`", "")).score()).isLessThan(0.65);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "a `b` c | a   c",
        "a ``b ` c`` d | a   d",
        "a ` b | a ` b",
        "a `` b ` c | a `` b ` c",
        "a ```b c | a ```b c",
        "a ```b````c | a  c",
        "see https://a.b/c?d=e, or f | see   or f",
        "`a` | `a`",
        "`a` 1 | `a` 1",
        "가x://`y | 가 `y",
      })
  void proseIsTheRest(String text, String prose) {
    assertThat(Prose.of(text)).isEqualTo(prose);
  }

  @Test
  void inlineCodeEndsWithItsLine() {
    assertThat(Prose.of("a `b\nc` d")).isEqualTo("a `b\nc` d");
    assertThat(Prose.of("a ```b\nc``` d")).isEqualTo("a   d");
  }

  /** Backquotes that nothing closes do not make the search begin again and again. */
  @Test
  void proseOfHostileTextsTakesLinearTime() {
    String odd = "` `` ".repeat(200_000) + "```" + "`` \n".repeat(200_000) + "://".repeat(200_000);
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Prose.of(odd));
  }
}
