package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordJsonTest {
  record Small(int count, double rate, List<String> names) {}

  private static Small read(String json) throws JsonProcessingException {
    return RecordJson.read(json.getBytes(StandardCharsets.UTF_8), Small.class);
  }

  @Test
  void whatIsWrittenIsReadAgain() throws JsonProcessingException {
    Small small = new Small(3, Double.NaN, List.of("글"));
    assertThat(read(RecordJson.write(small))).isEqualTo(small);
    assertThat(read("{\"count\": 3, \"rate\": 1, \"names\": []}").rate()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"count\": 3, \"rate\": 1}",
        "{\"count\": 3, \"rate\": 1, \"names\": null}",
        "{\"count\": null, \"rate\": 1, \"names\": []}",
        "{\"count\": 3.5, \"rate\": 1, \"names\": []}",
        "{\"count\": \"3\", \"rate\": 1, \"names\": []}",
        "{\"count\": 3, \"rate\": 1, \"names\": [], \"more\": 1}",
        "{\"count\": 3, \"rate\": 1, \"names\": []} {}",
        "{\"count\": 3, \"rate\": 1, \"names\": ["
      })
  void anythingElseIsNone(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(JsonProcessingException.class);
  }
}
