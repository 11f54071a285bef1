package io.kanana.data.classify.edu;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.document.Document;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreLogTest {
  @TempDir Path directory;

  private record Always(double value, boolean isCostly) implements DocumentScorer {
    @Override
    public List<OptionalDouble> score(List<Document> documents) {
      return documents.stream().map(_ -> OptionalDouble.of(value)).toList();
    }

    @Override
    public int batch() {
      return 2;
    }

    @Override
    public void close() {}
  }

  private static List<Document> documents() {
    return List.of(Document.of("a", "one"), Document.of("b", "two"), Document.of("c", "three"));
  }

  /** The first score of a run, and how many it asked for. */
  private List<Double> run(DocumentScorer scorer) {
    try (ScoreLog log = new ScoreLog(directory.resolve("scores.jsonl"), scorer)) {
      double first = log.score(documents()).getFirst().orElseThrow();
      return List.of(first, (double) log.asked());
    }
  }

  @Test
  void whatCostsIsNotAskedTwice() {
    assertThat(run(new Always(1, true))).containsExactly(1.0, 3.0);
    assertThat(run(new Always(2, true))).containsExactly(1.0, 0.0);
  }

  @Test
  void whatCostsNothingIsAskedAnew() {
    assertThat(run(new Always(1, false))).containsExactly(1.0, 3.0);
    assertThat(run(new Always(2, false))).containsExactly(2.0, 3.0);
  }
}
