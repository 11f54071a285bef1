package io.kanana.data.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CascadeStepContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WikitextTest extends CascadeStepContract {
  private static final Wikitext WIKITEXT = new Wikitext(List.of("각주", "References"));

  private static final String PAGE =
      """
      {{Infobox river|name={{nowrap|Han}}|length=494}}
      [[파일:Han.jpg|thumb|The [[river]] at night]]
      '''Han''' ({{lang|ko|한강}}) is a [[river (water)|river]] in [[Korea]].<ref name="a">Book, p. 1</ref><ref name="b" />
      <!-- hidden -->It runs at <math>v = \\frac{s}{t}</math>, over H<sub>2</sub>O&nbsp;&mdash; [https://example.org the site].

      == Banks ==
      * first
      ** ''second''
      # third

      === Table ===
      {| class="wikitable"
      ! Name !! Length
      |-
      | style="x" | [[Han|H]] || 494
      |}

      == Empty ==

      == References ==
      {{reflist}}
      * Book
      === Below ===
      more
      == Last ==
      <nowiki>[[kept]]</nowiki> end
      [[분류:Rivers]]
      [[en:Han River]]
      """;

  @Override
  protected CascadeStep.Config config() {
    return new WikitextStep.Config(List.of("References"));
  }

  @Override
  protected List<Document> documents() {
    return List.of(
        Document.of("page", PAGE),
        Document.of("plain", "nothing to do"),
        Document.of("templates", "{{a|b}}\n[[Category:X]]"));
  }

  @Test
  void theTextKeepsFormulasAndHeadings() {
    assertThat(WIKITEXT.text(PAGE))
        .isEqualTo(
            """
            Han (한강) is a river in Korea.
            It runs at $v = \\frac{s}{t}$, over H₂O — the site.

            ## Banks

            - first
              - second
            - third

            ### Table

            | Name | Length |
            | H | 494 |

            ## Empty

            ## Last

            [[kept]] end""");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{{convert|840|m|ft|0}}#840 m",
        "{{Convert|5|-|7.5|km2|sqmi|abbr=on}}#5–7.5 km²",
        "{{cvt|3|x|4|m}}#3 × 4 m",
        "{{convert|12}}#12",
        "{{formatnum:18400}}#18400",
        "weir{{snd}}now#weir – now",
        "{{ill|Ada Tarsin|de|Ada T.}}#Ada Tarsin",
        "{{ill|[[a|Ada]]|de}}#Ada",
        "{{lang|de|x|italic=no}}#x",
        "{{math|1=a = b}}#a = b",
        "{{Quote|text=It runs.|author=A}}#It runs.",
        "{{인용문|강은 흐른다.|저자}}#강은 흐른다.",
        "{{nowrap|{{convert|1|m}} or {{unknown|x}}two}}#1 m or two",
        "{{unknown|840|m}}#''",
        "{{nbsp|2}}{{abbr|}}#''"
      })
  void templatesThatAreKnownShowTheirText(String markup, String text) {
    assertThat(WIKITEXT.text(markup)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "[[Han (river)|]]#Han",
        "[[Book:Han|]]#Han",
        "[[Han|]]#Han",
        "[[Han| ]]#Han",
        "[[]]#''",
        "[[|]]#''"
      })
  void anEmptyLabelStandsForTheName(String markup, String text) {
    assertThat(WIKITEXT.text(markup)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "'{{never closed|a=b'",
        "'[[never|closed'",
        "'{| never\n| closed'",
        "'<ref>never closed'",
        "'<!-- never closed'",
        "'<math>never closed'",
        "'{{{{ }} [[a|[[b]]'",
        "'<ref name=\"x'",
        "'-{ {{a|{{b}}'"
      })
  void unclosedMarkupCostsNoMoreThanItsSection(String markup) {
    String text = WIKITEXT.text("before\n\n" + markup + "\nstill\n\n== Next ==\nafter {{x}} all");
    assertThat(text).startsWith("before").endsWith("## Next\n\nafter all");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{",
        "[[",
        "{|\n",
        "<ref>",
        "<!--",
        "<math>",
        "<sub>",
        "{{lang|",
        "{{convert|1|-|",
        "[[a|",
        "[http://",
        "''",
        "\n==",
        "<",
        "}}",
        "\n|",
        "{{{",
        "&",
        "<nowiki>",
        "__A",
        "(",
        "(,"
      })
  void unclosedMarkupTakesLinearTime(String markup) {
    String page = markup.repeat(200_000) + "\nend</sub></ref>";
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> WIKITEXT.text(page));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "|", "a|", "file:a|"})
  void linksWithinEachOtherTakeLinearTime(String target) {
    int depth = 1_500_000;
    String page = ("[[" + target).repeat(depth) + "x".repeat(depth) + "]]".repeat(depth) + " end";
    String text =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> WIKITEXT.text(page));
    assertThat(text).endsWith("end");
  }

  @Test
  void templatesWithinEachOtherTakeLinearTime() {
    int depth = 200_000;
    String page = "{{nowrap|".repeat(depth) + "x".repeat(1_900) + "}}".repeat(depth) + " end";
    String text =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> WIKITEXT.text(page));
    assertThat(text).isEqualTo("x".repeat(1_900) + " end");
  }

  @Test
  void scriptsWithinEachOtherTakeLinearTime() {
    String page = "<sub>".repeat(2_000_000) + "2</sub> end";
    String text =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> WIKITEXT.text(page));
    assertThat(text).isEqualTo("₂ end");
  }

  @Test
  void aLongCaptionIsGoneWithItsFileAndALongLabelStays() {
    String caption = "word ".repeat(1000);
    assertThat(WIKITEXT.text("a [[File:Han.jpg|thumb|" + caption + "]] b")).isEqualTo("a b");
    assertThat(WIKITEXT.text("a [[" + caption + "]] b")).isEqualTo("a " + caption + "b");
  }
}
