package io.kanana.data.filter.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FunnelPageTest {
  private static <V> SortedMap<String, V> map(String key, V value) {
    SortedMap<String, V> map = new TreeMap<>();
    map.put(key, value);
    return map;
  }

  /** A page on which everything that comes from outside is the same text. */
  private static String page(String hostile) {
    StepStats step =
        new StepStats(
            hostile,
            new Volume(10, 100, 5),
            new Volume(5, 50, 2),
            1,
            map(hostile, 5L),
            map(hostile, new Flow(10, 5)),
            map(hostile, new Flow(10, 5)),
            1_000_000);
    Trace trace = new Trace(map(hostile, map(hostile, 5L)), new TreeMap<>());
    CascadeStats stats =
        new CascadeStats(step.in(), step.out(), map(hostile, 3L), List.of(step), trace);
    Sample sample = new Sample(1, hostile, hostile, hostile, hostile, hostile);
    List<Sample> one = List.of(sample);
    Samples samples = new Samples(List.of(new Samples.OfStep(1, one, one, one)));
    List<StepScore> scores = StepScore.of(trace, List.of(hostile), new TreeMap<>());
    return new FunnelPage(stats, samples, scores).html();
  }

  private static final String PLAIN = page("plain");

  /** The page's own tags, and nothing more, whatever is shown. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "</pre></li></ol><img src=x onerror=alert(1)>",
        "\"><svg onload='alert(1)'>",
        "' onmouseover='alert(1)",
        "<!-- ",
        "]]>",
        "&lt;b&gt; &#60;b&#62;",
        "</style><b>",
        "%s %n %d %",
        "\u202E\u0000\u0085\uFFFE",
      })
  void whatDocumentsHoldStaysText(String hostile) {
    String page = page(hostile);
    assertThat(tags(page)).isEqualTo(tags(PLAIN));
    assertThat(page).contains(Html.escape(hostile)).doesNotContain("\u202E", "\u0000", "\u0085");
  }

  private static List<String> tags(String page) {
    String body = page.substring(page.indexOf("<body>"));
    return Pattern.compile("<[^>]*>").matcher(body).results().map(tag -> tag.group()).toList();
  }

  @Test
  void needsNothingElseAndRunsNothing() {
    assertThat(PLAIN)
        .startsWith("<!DOCTYPE html>")
        .contains("default-src 'none'")
        .contains("prefers-color-scheme: dark")
        .doesNotContain("<script", "src=", "http://", "https://", "@import", "url(");
  }

  @Test
  void everyElementThatIsOpenedIsClosed() {
    for (String name :
        List.of("section", "div", "table", "details", "ol", "li", "pre", "svg", "p")) {
      assertThat(count("<" + name + "[ >]"))
          .as(name)
          .isPositive()
          .isEqualTo(count("</" + name + ">"));
    }
  }

  private static long count(String tag) {
    return Pattern.compile(tag).matcher(PLAIN).results().count();
  }

  @Test
  void showsWhereDocumentsWent() {
    assertThat(PLAIN)
        .contains("5 of 10 documents were kept (50.0 %), 50 B of 100 B, 2 of 5 tokens.")
        .contains("width=\"100.000%\"")
        .contains("x=\"25.000%\"")
        .contains("width=\"50.000%\"");
  }

  @Test
  void aRunOfNothingHasAPage() {
    CascadeStats stats = CascadeStats.none(List.of("step"));
    String page = new FunnelPage(stats, Samples.none(1, 3), List.of()).html();
    assertThat(page).contains("0 of 0 documents were kept (–)").doesNotContain("NaN");
  }
}
