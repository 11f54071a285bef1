package io.kanana.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "learningRate,learning-rate",
    "beta1,beta1",
    "zLoss,z-loss",
    "AdamW,adam-w",
    "seed,seed",
    "maxGradientNorm,max-gradient-norm",
    "maxSkippedInARow,max-skipped-in-a-row"
  })
  void kebabCase(String camel, String kebab) {
    assertThat(Names.kebab(camel)).isEqualTo(kebab);
  }

  @ParameterizedTest
  @CsvSource({"abc,abc,0", "abc,acb,1", "'',abc,3", "kitten,sitting,3", "seed,sede,1", "a,b,1"})
  void edits(String from, String to, int edits) {
    assertThat(Names.edits(from, to)).isEqualTo(edits);
    assertThat(Names.edits(to, from)).isEqualTo(edits);
  }

  @Test
  void suggestsTheNearestOrListsAll() {
    List<String> known = List.of("heads", "kv-heads", "head-dim");
    assertThat(Names.suggestion("kvHeads", known)).isEqualTo("did you mean kv-heads?");
    assertThat(Names.suggestion("haeds", known)).isEqualTo("did you mean heads?");
    assertThat(Names.suggestion("banana", known)).isEqualTo("known: head-dim, heads, kv-heads");
  }
}
