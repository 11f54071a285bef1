package io.kanana.data.miniature;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnglishFormsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "it is a(n) owl. it is a(n) fox.|It is an owl. It is a fox.",
        "Answer: the river|Answer: The river",
        "he said, \"the owl.\" she left.|He said, \"The owl.\" She left.",
        "\"here!\" said Moru. \"look.\" they looked.|\"Here!\" said Moru. \"Look.\" They looked.",
        "27 + 15 = 42. so|27 + 15 = 42. So",
        "One a(n) open door|One an open door"
      })
  void followTheirNeighbours(String written, String read) {
    assertThat(EnglishForms.resolve(written)).isEqualTo(read);
  }
}
