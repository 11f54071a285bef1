package io.kanana.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import io.kanana.data.dedup.DuplicateParagraphs.Unit;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CorpusFilter;
import io.kanana.data.filter.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DuplicatePiecesTest {
  private static CorpusFilter lines(int minCharacters, int minWords) {
    return new DuplicateParagraphs.Config(
            Unit.LINE, ComparedText.SIMPLIFIED, minCharacters, minWords)
        .create();
  }

  private static CorpusFilter spans(int sentences, int minWords, int minSentences) {
    return new DuplicateSpans.Config(sentences, ComparedText.SIMPLIFIED, minWords, minSentences)
        .create();
  }

  @Test
  void linesThatStoodBeforeAreTakenOut() {
    List<Document> documents =
        Deduplication.documents(
            "First line.\n\nAll rights reserved.",
            "all rights reserved!\n  Second line.\nSecond line",
            "Third line.",
            "FIRST LINE\nsecond line");
    Deduplication result = Deduplication.of(lines(0, 1), documents, 1);
    assertThat(result.keptTexts())
        .containsExactly("First line.\n\nAll rights reserved.", "Second line.", "Third line.");
    assertThat(result.kept().getFirst()).isSameAs(documents.getFirst());
    assertThat(result.verdicts().getLast()).isEqualTo(Verdict.drop("only-duplicates", 0));
  }

  @Test
  void shortLinesStayAndMetadataToo() {
    Document first = Document.of("d0", "See also\nThe first page is about ships.");
    Document second =
        new Document(
            "d1",
            "See also\nThe first page is about ships.\nThe second is about fog.",
            Map.of("lang", "en"));
    Deduplication result = Deduplication.of(lines(20, 1), List.of(first, second), 1);
    assertThat(result.kept().getLast())
        .isEqualTo(new Document("d1", "See also\nThe second is about fog.", second.metadata()));
  }

  @Test
  void aDocumentWithTooFewWordsLeftIsDropped() {
    List<Document> documents =
        Deduplication.documents("one two three", "one two three\nfour five", "six");
    Deduplication result = Deduplication.of(lines(0, 3), documents, 1);
    assertThat(result.keptIds()).containsExactly("d0", "d2");
    assertThat(result.verdicts().get(1)).isEqualTo(Verdict.drop("only-duplicates", 2));
  }

  @Test
  void paragraphsHaveEmptyLinesBetweenThem() {
    CorpusFilter filter =
        new DuplicateParagraphs.Config(Unit.PARAGRAPH, ComparedText.RAW, 0, 1).create();
    List<Document> documents =
        Deduplication.documents("a line\nof two\n\nshared", "a line\nof three\n \nshared\n\nown");
    assertThat(Deduplication.of(filter, documents, 1).keptTexts())
        .containsExactly("a line\nof two\n\nshared", "a line\nof three\n \nown");
  }

  @Test
  void spansThatStoodBeforeAreTakenOut() {
    List<Document> documents =
        Deduplication.documents(
            "One is here. Two is here. Three is here. Four is here.",
            "Before it. Two is here! \"Three is here.\" Four is here. After it.",
            "One is here. Two is here. Something between. Three is here.");
    Deduplication result = Deduplication.of(spans(3, 1, 1), documents, 1);
    assertThat(result.keptTexts())
        .containsExactly(
            documents.getFirst().text(), "Before it. After it.", documents.getLast().text());
    assertThat(Deduplication.of(spans(3, 1, 3), documents, 1).keptIds())
        .containsExactly("d0", "d2");
    assertThat(Deduplication.of(spans(3, 5, 1), documents, 1).keptIds())
        .containsExactly("d0", "d2");
  }

  @Test
  void sentencesAreCutAfterMarksAndLines() {
    String text = "Dr. No said \"stop.\" 3.14 is pi!? 안녕。반갑다.\n  Next line\n\nLast…";
    assertThat(pieces(Cut.SENTENCES, text))
        .containsExactly(
            "Dr. ",
            "No said \"stop.\" ",
            "3.14 is pi!? ",
            "안녕。",
            "반갑다.\n",
            "  Next line\n\n",
            "Last…");
  }

  @Test
  void manyClosingMarksTakeLinearTime() {
    String closing = ")\"".repeat(2_000_000);
    List<String> pieces =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(60),
            () -> pieces(Cut.SENTENCES, "One." + closing + " Two " + closing + " three."));
    assertThat(pieces).containsExactly("One." + closing + " ", "Two " + closing + " three.");
  }

  private static List<String> pieces(Cut cut, String text) {
    int[] starts = cut.starts(text);
    List<String> pieces = new ArrayList<>();
    for (int i = 0; i + 1 < starts.length; i++) {
      pieces.add(text.substring(starts[i], starts[i + 1]));
    }
    return pieces;
  }

  @ParameterizedTest
  @EnumSource(Cut.class)
  void piecesTogetherAreTheText(Cut cut) {
    String signs = "a. \n!\t\"가。？\r";
    RandomKey key = RandomKey.of(4);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int c = 0; c < i % 50; c++) {
        text.append(signs.charAt(key.child(i).below(c, signs.length())));
      }
      List<String> pieces = pieces(cut, text.toString());
      assertThat(String.join("", pieces)).isEqualTo(text.toString());
      assertThat(pieces).doesNotContain("");
    }
  }

  /** Against a set of lines, at several numbers of threads; and a second pass changes nothing. */
  @Test
  void agreesWithASetOfLines() {
    List<Document> documents = randomLines();
    Set<String> seen = new HashSet<>();
    List<String> expected = new ArrayList<>();
    for (Document document : documents) {
      String left = document.text().lines().filter(seen::add).collect(Collectors.joining("\n"));
      if (!left.isEmpty()) {
        expected.add(left);
      }
    }
    for (int threads : new int[] {1, 2, 8}) {
      Deduplication result = Deduplication.of(lines(0, 1), documents, threads);
      assertThat(result.keptTexts()).isEqualTo(expected);
      assertThat(Deduplication.of(lines(0, 1), result.kept(), threads).kept())
          .isEqualTo(result.kept());
    }
  }

  private static List<Document> randomLines() {
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      RandomKey key = RandomKey.of(8).child(i);
      List<String> lines = new ArrayList<>();
      for (int l = 0; l < 1 + i % 5; l++) {
        lines.add("line" + Integer.toString(key.below(l, 5000), 26).replaceAll("\\d", "z"));
      }
      documents.add(Document.of("d" + i, String.join("\n", lines)));
    }
    return documents;
  }
}
