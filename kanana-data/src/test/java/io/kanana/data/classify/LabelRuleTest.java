package io.kanana.data.classify;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.data.document.Document;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LabelRuleTest {
  private static final LabelRule PLAIN = new LabelRule("score", OptionalDouble.empty());
  private static final LabelRule SPLIT = new LabelRule("score", OptionalDouble.of(3));

  private static Document with(Object value) {
    Map<String, Object> metadata = new HashMap<>();
    metadata.put("score", value);
    return new Document("d", "text", metadata);
  }

  @Test
  void aLabelOrSeveral() {
    assertThat(PLAIN.labels(with("good"))).containsExactly("good");
    assertThat(PLAIN.labels(with(1))).containsExactly("1");
    assertThat(PLAIN.labels(with(1.0))).containsExactly("1");
    assertThat(PLAIN.labels(with(List.of("a", "b", "a")))).containsExactly("a", "b");
  }

  @Test
  void aNumberIsHighOrLow() {
    assertThat(SPLIT.labels(with(3))).containsExactly("high");
    assertThat(SPLIT.labels(with(2.9))).containsExactly("low");
    assertThat(SPLIT.labels(with("3"))).isEmpty();
  }

  @Test
  void withoutTheFieldThereIsNone() {
    assertThat(PLAIN.labels(with(null))).isEmpty();
    assertThat(PLAIN.labels(Document.of("d", "text"))).isEmpty();
    assertThat(SPLIT.labels(Document.of("d", "text"))).isEmpty();
  }
}
