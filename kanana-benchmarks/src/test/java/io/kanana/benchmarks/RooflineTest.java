package io.kanana.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class RooflineTest {
  private final Roofline roofline = new Roofline(100e9, 10e9);

  @Test
  void operationsBoundWhatDoesManyForEachByte() {
    assertThat(roofline.rate(50e9, 1e9, 1)).isEqualTo("   50.0 GFLOP/s, 50 %");
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    roofline.put(json, 50e9, 1e9, 1);
    assertThat(json.at("/bound").asText()).isEqualTo("compute");
    assertThat(json.at("/shareOfBound").asDouble()).isEqualTo(0.5);
  }

  @Test
  void bytesBoundWhatDoesFew() {
    assertThat(roofline.rate(2e9, 4e9, 2)).isEqualTo("    2.0 GB/s, 20 %");
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    roofline.put(json, 2e9, 4e9, 2);
    assertThat(json.at("/bound").asText()).isEqualTo("memory");
    assertThat(json.at("/gigaFlopsPerSecond").asDouble()).isEqualTo(1);
    assertThat(json.at("/shareOfBound").asDouble()).isEqualTo(0.2);
  }
}
