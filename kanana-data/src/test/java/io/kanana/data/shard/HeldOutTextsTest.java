package io.kanana.data.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldOutTextsTest {
  private static DocumentSource of(String... texts) {
    return quarantine -> {
      Iterator<String> next = List.of(texts).iterator();
      return new DocumentStream() {
        @Override
        public Document next() {
          return next.hasNext() ? Document.of("d", next.next()) : null;
        }

        @Override
        public void close() {}
      };
    };
  }

  private static List<String> texts(DocumentSource source) {
    List<String> texts = new ArrayList<>();
    try (DocumentStream documents = source.open(rejected -> {})) {
      for (Document next = documents.next(); next != null; next = documents.next()) {
        texts.add(next.text());
      }
    }
    return texts;
  }

  @Test
  void aTextIsHeldOutWhereverItStandsAndWhateverIsAroundIt() {
    HeldOutTexts heldOut = HeldOutTexts.of(of("a b", " c\n"));
    List<String> told = new ArrayList<>();
    DocumentSource rest =
        heldOut.without(of("\na b", "a  b", "c", "A b", "c ", "d"), () -> told.add("one"));
    assertThat(texts(rest)).containsExactly("a  b", "A b", "d");
    assertThat(told).hasSize(3);
    assertThat(texts(rest)).hasSize(3);
    assertThat(heldOut.contains("\ta b")).isTrue();
    assertThat(heldOut.contains("ab")).isFalse();
  }
}
