package io.kanana.data.extract;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.CascadeStepContract;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTextTest extends CascadeStepContract {
  private static final String LONG =
      "The river runs from the mountains to the sea, and along its banks people have lived, traded"
          + " and fished for more than two thousand years, as old maps show.";

  private static final String PAGE =
      """
      <html><head><title>River - Site</title><style>p {}</style></head><body class="has-sidebar">
      <header><a href="/">Site</a> <a href="/b">Blog</a></header>
      <nav><ul><li><a href="/1">Home</a><li><a href="/2">News</a></ul></nav>
      <div class="cookie-notice">We use cookies. Accept all cookies?</div>
      <main><article><h1>The <em>river</em></h1>
      <p>%1$s</p>
      <h2>Banks</h2>
      <p>%1$s See <a href="x">the map</a>.<br>Second line.</p>
      <ul><li>fish<ul><li>trout</li></ul></li><li>birds</li></ul>
      <ol><li>one</li><li>two</li></ol>
      <pre><code>for (;;) {
        x++;
      }</code></pre>
      <p>%1$s The speed is <math alttext="v = s/t"><mi>v</mi></math> here, in <code>m/s</code>.</p>
      <table><tr><th>Name</th><th>Length</th></tr><tr><td>Han</td><td>494</td></tr></table>
      <div class="share-buttons"><a href="#">Share on all of the networks</a></div>
      <div><a href="#1">A related article</a> <a href="#2">Another related article</a></div>
      </article></main>
      <aside>An advertisement with quite some text in it, which nobody came here to read.</aside>
      <footer>Copyright 2024. All rights reserved.</footer>
      <script>alert("x")</script></body></html>
      """
          .formatted(LONG);

  @Override
  protected CascadeStep.Config config() {
    return new HtmlStep();
  }

  @Override
  protected List<Document> documents() {
    return List.of(
        Document.of("page", PAGE),
        Document.of("plain", LONG),
        Document.of("empty", "<html><nav><a>x</a></nav><script>var x</script></html>"));
  }

  @Test
  void theArticleIsKeptAndNothingElse() {
    MainText main = MainText.of(PAGE);
    assertThat(main.title()).isEqualTo("River - Site");
    assertThat(main.text())
        .isEqualTo(
            """
            # The river

            %1$s

            ## Banks

            %1$s See the map.
            Second line.

            - fish
              - trout
            - birds
            1. one
            2. two

            ```
            for (;;) {
              x++;
            }
            ```

            %1$s The speed is $v = s/t$ here, in `m/s`.

            | Name | Length |
            | Han | 494 |"""
                .formatted(LONG));
  }

  @Test
  void aPageWithoutNamesIsFoundByItsDensity() {
    String links = "<div><a href='#'>Something</a> | <a href='#'>Anything</a></div>".repeat(20);
    String page =
        "<div><div>"
            + links
            + "</div><div><div><p>"
            + LONG
            + "</p><p>"
            + LONG
            + "</p></div></div>"
            + "<div>"
            + links
            + "</div></div>";
    assertThat(MainText.of(page).text()).isEqualTo(LONG + "\n\n" + LONG);
  }

  @Test
  void tablesThatLayOutAPageAreNoTables() {
    String page =
        "<table><tr><td><a href='#'>Home</a></td><td><h2>Head</h2><p>"
            + LONG
            + "</p><p>"
            + LONG
            + "</p></td></tr></table>";
    assertThat(MainText.of(page).text()).isEqualTo("## Head\n\n" + LONG + "\n\n" + LONG);
  }

  @Test
  void aPageWithoutTextIsDropped() {
    DocumentTransform step = new HtmlStep().create();
    assertThat(step.apply(documents().getLast()))
        .isEqualTo(Verdict.drop("no-main-text", documents().getLast().text().length()));
    assertThat(step.apply(Document.of("a", PAGE)))
        .isInstanceOfSatisfying(
            Verdict.Keep.class,
            keep -> assertThat(keep.document().metadata()).containsEntry("title", "River - Site"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<div>",
        "<p><b><i>",
        "<table><tr><td>",
        "<ul><li>",
        "<a href='",
        "<!--",
        "</p>",
        "<pre>",
        "<math>",
        "<b><p>",
        "<select>",
        "<svg><p>",
        "&amp",
        "<div class=nav hidden>"
      })
  void unclosedMarkupTakesLinearTime(String markup) {
    String page = "<p>" + LONG + "</p>" + markup.repeat(20_000) + " end";
    Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> MainText.of(page));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<input>",
        "<nav>x</nav>",
        "<div class=share>x</div>",
        "<section><a href=x>link</a></section>"
      })
  void aFlatPageTakesLinearTime(String markup) {
    String page = "<p>" + LONG + "</p>" + markup.repeat(1_000_000) + "<p>" + LONG + "</p>";
    MainText main =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> MainText.of(page));
    assertThat(main.text()).startsWith(LONG).endsWith(LONG);
  }
}
