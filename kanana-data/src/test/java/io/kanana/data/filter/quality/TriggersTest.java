package io.kanana.data.filter.quality;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.document.Document;
import io.kanana.data.filter.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A text for every reason, and one that goes through. */
class TriggersTest {
  private static final String PROSE =
      """
      The river that runs through the valley has been the home of many fishermen.
      Every spring they mend their nets and paint their boats with great care.
      When the water is high, children are told to stay away from the banks.
      In summer the whole town comes to swim, and old women sell cold lemonade.
      Nobody remembers a year without the festival of lanterns and its music.
      Some say that it began when a miller lost his way in the fog.
      """;

  private static final String KOREAN_PROSE =
      """
      마을을 가로지르는 강은 오래전부터 많은 어부들의 삶의 터전이었다.
      봄이 되면 사람들은 그물을 손질하고 배에 새로 칠을 한다.
      물이 높아지면 아이들에게 강둑에 가까이 가지 말라고 이른다.
      여름에는 온 마을이 모여 헤엄을 치고 할머니들은 시원한 음료를 판다.
      등불 축제와 음악이 없었던 해를 기억하는 사람은 아무도 없다.
      어떤 이는 방앗간 주인이 안개 속에서 길을 잃었을 때 시작되었다고 말한다.
      """;

  /** Different words of five letters. */
  private static String distinct(int from, int count) {
    return String.join(
        " ",
        IntStream.range(from, from + count)
            .mapToObj(i -> "w" + (char) ('a' + i % 26) + (char) ('a' + i / 26 % 26) + "xy")
            .toList());
  }

  /** Prose with a run of words put in a number of times between other words. */
  private static String withRun(String run, int times, int between) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      parts.add(run);
      parts.add(distinct(20 + i * between, between));
    }
    return String.join(" ", parts);
  }

  static Stream<Arguments> triggers() {
    return Stream.of(quality(), repetition(), c4(), fineweb()).flatMap(s -> s);
  }

  private static Arguments trigger(String step, String reason, String text) {
    return Arguments.of(step, reason, text);
  }

  private static Stream<Arguments> quality() {
    String step = "gopher-quality";
    return Stream.of(
        trigger(step, "kept", PROSE),
        trigger("korean-gopher-quality", "kept", KOREAN_PROSE),
        trigger(step, "too-few-words", "The cat sat on the mat with a hat."),
        trigger(step, "too-many-words", "the of ".repeat(50_001)),
        trigger(step, "words-too-short", "a b the of c ".repeat(20)),
        trigger(step, "words-too-long", "the of " + "incomprehensibilities ".repeat(60)),
        trigger(step, "too-many-hashes", PROSE + "# ".repeat(20)),
        trigger(step, "too-many-ellipses", PROSE + "so ... and … ".repeat(12)),
        trigger(step, "too-many-bullet-lines", "- " + PROSE.strip().replace("\n", "\n- ")),
        trigger(step, "too-many-ellipsis-lines", PROSE.replace(".\n", "...\n")),
        trigger(step, "too-few-alphabetic-words", PROSE + "2024 3000 ".repeat(20)),
        trigger(step, "too-few-stop-words", distinct(0, 60)),
        trigger("korean-gopher-quality", "too-few-stop-words", PROSE));
  }

  private static Stream<Arguments> repetition() {
    String step = "gopher-repetition";
    String filler = distinct(0, 60);
    return Stream.of(
        trigger(step, "kept", PROSE),
        trigger("korean-gopher-repetition", "kept", KOREAN_PROSE),
        trigger(step, "empty", ""),
        trigger(step, "duplicate-paragraphs", filler + "\n\none\n\none\n\none\n\ntwo"),
        trigger(
            step,
            "duplicate-paragraph-characters",
            PROSE + "\n\n" + PROSE + "\n\na\n\nb\n\nc\n\nd"),
        trigger(step, "duplicate-lines", filler + "\none\none\none\ntwo"),
        trigger(
            step, "duplicate-line-characters", filler + "\n" + filler + "\na\nb\nc\nd\ne\nf\ng"),
        trigger(step, "top-2-gram", withRun("abcde fghij", 10, 6)),
        trigger(step, "top-3-gram", withRun("abcde fghij klmno", 10, 9)),
        trigger(step, "top-4-gram", withRun("abcde fghij klmno pqrst", 10, 15)),
        trigger(step, "duplicate-5-grams", withRun(distinct(0, 5), 11, 19)),
        trigger(step, "duplicate-6-grams", withRun(distinct(0, 6), 11, 24)),
        trigger(step, "duplicate-7-grams", withRun(distinct(0, 7), 11, 29)),
        trigger(step, "duplicate-8-grams", withRun(distinct(0, 8), 11, 37)),
        trigger(step, "duplicate-9-grams", withRun(distinct(0, 9), 11, 48)),
        trigger(step, "duplicate-10-grams", withRun(distinct(0, 10), 11, 59)));
  }

  private static Stream<Arguments> c4() {
    return Stream.of(
        trigger("c4", "kept", PROSE),
        trigger("korean-c4", "kept", KOREAN_PROSE),
        trigger("c4", "too-few-sentences", "One sentence is here. And this is another."),
        trigger("c4", "lorem-ipsum", PROSE + "Lorem ipsum dolor sit amet."),
        trigger("c4", "curly-bracket", PROSE + "Write { and then close it."),
        trigger("{type: c4, min-sentences: 0}", "empty", "no end here"));
  }

  private static Stream<Arguments> fineweb() {
    String step = "fineweb-quality";
    String longLine = "This line is long enough not to be called short by anyone.\n";
    return Stream.of(
        trigger(step, "kept", PROSE),
        trigger("korean-fineweb-quality", "kept", KOREAN_PROSE),
        trigger(step, "empty", " \n\t\n"),
        trigger(step, "too-few-punctuated-lines", PROSE.replace(".\n", "\n")),
        trigger(step, "too-many-short-lines", "Short line.\nAnother one.\nThird one here.\n"),
        trigger(step, "duplicate-line-characters", longLine + longLine),
        trigger(step, "too-many-line-feeds", PROSE + "\n".repeat(60)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("triggers")
  void everyReasonHasAText(String step, String reason, String text) {
    assertThat(Steps.outcome(Steps.of(step.startsWith("{") ? step : "{type: " + step + "}"), text))
        .isEqualTo(reason);
  }

  @Test
  void theMeasuredValueIsToldWithTheReason() {
    Verdict verdict = Steps.run(Steps.of("{type: gopher-quality}"), Document.of("d", "one two"));
    assertThat(verdict).isEqualTo(Verdict.drop("too-few-words", 2));
  }

  @Test
  void c4RemovesLinesAndCitations() {
    String text =
        """
        Home | About | Contact
        Rivers[1] are long[citation needed].
        Please enable JavaScript to see it.
        We use cookies on this page.
        Lakes are deep! [edit]
        Too short.
        And so it ends...
        """;
    Verdict verdict = Steps.run(Steps.of("{type: c4, min-sentences: 1}"), Document.of("d", text));
    assertThat(((Verdict.Keep) verdict).document().text()).isEqualTo("Rivers are long.");
    Verdict all =
        Steps.run(
            Steps.of("{type: c4, min-sentences: 1, terminal-punctuation: false}"),
            Document.of("d", text));
    assertThat(((Verdict.Keep) all).document().text())
        .isEqualTo("Home | About | Contact\nRivers are long.\nLakes are deep! \nAnd so it ends...");
  }

  @Test
  void aDocumentThatC4LeavesAsItIsStaysTheSame() {
    Document document = Document.of("d", PROSE.strip());
    Verdict verdict = Steps.run(Steps.of("{type: c4}"), document);
    assertThat(((Verdict.Keep) verdict).document()).isSameAs(document);
  }

  @Test
  void aLimitOfZeroIsOff() {
    assertThat(
            Steps.outcome(
                Steps.of(
                    "{type: gopher-repetition, max-top-ngrams: [0, 0, 0], "
                        + "max-duplicate-ngrams: []}"),
                withRun("abcde fghij", 10, 6)))
        .isEqualTo("kept");
    assertThat(
            Steps.outcome(
                Steps.of("{type: gopher-quality, min-words: 0, min-stop-words: 0}"), "Lonely"))
        .isEqualTo("kept");
  }
}
