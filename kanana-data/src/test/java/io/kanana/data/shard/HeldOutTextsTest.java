package io.kanana.data.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kanana.core.error.ConfigException;
import io.kanana.data.ByteTokenizer;
import io.kanana.data.document.Document;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.document.DocumentStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldOutTextsTest {
  @TempDir Path directory;

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

  @Test
  void givenDocumentsAreTheHeldOutSide() {
    Tokenization.Result result = write(0);
    assertThat(result.train().documents()).isEqualTo(2);
    assertThat(result.heldOut().documents()).isEqualTo(3);
    assertThat(result.heldOut().textBytes()).isEqualTo(12);
    assertThatThrownBy(() -> write(0.1))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must be 0 where documents to hold out are given, got 0.1");
  }

  private Tokenization.Result write(double share) {
    return new Tokenization(ByteTokenizer.both(), "bytes", Tokenization.Config.of(share))
        .write(
            of("one", "two"),
            of("three", "four", "one"),
            directory.resolve("tokens" + share),
            2,
            rejected -> {},
            done -> {});
  }
}
