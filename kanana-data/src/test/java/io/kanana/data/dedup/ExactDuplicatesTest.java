package io.kanana.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Document;
import io.kanana.data.filter.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExactDuplicatesTest {
  private static Deduplication run(ComparedText text, List<Document> documents, int threads) {
    return Deduplication.of(
        new ExactDuplicates(new ExactDuplicates.Config(text)), documents, threads);
  }

  @Test
  void theFirstIsKept() {
    List<Document> documents = Deduplication.documents("a", "b", "a", "A!", "b", "a");
    Deduplication raw = run(ComparedText.RAW, documents, 1);
    assertThat(raw.keptIds()).containsExactly("d0", "d1", "d3");
    assertThat(raw.verdicts().get(5)).isEqualTo(Verdict.drop("duplicate", 0L));
    assertThat(run(ComparedText.SIMPLIFIED, documents, 1).keptIds()).containsExactly("d0", "d1");
  }

  @Test
  void aSketchHas128Bits() {
    ExactDuplicates filter =
        new ExactDuplicates(new ExactDuplicates.Config(ComparedText.SIMPLIFIED));
    assertThat(filter.sketch(Document.of("d", "One. Two"))).hasSize(16);
  }

  /** Against a set of texts, at several numbers of threads; and a second pass drops nothing. */
  @Test
  void agreesWithASetOfTexts() {
    RandomKey key = RandomKey.of(2);
    List<Document> documents = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      Document document = Document.of("d" + i, "text " + key.below(i, 9000));
      documents.add(document);
      if (seen.add(document.text())) {
        expected.add(document.id());
      }
    }
    for (int threads : new int[] {1, 2, 8}) {
      Deduplication result = run(ComparedText.RAW, documents, threads);
      assertThat(result.keptIds()).isEqualTo(expected);
      assertThat(run(ComparedText.RAW, result.kept(), threads).kept()).isEqualTo(result.kept());
    }
  }
}
