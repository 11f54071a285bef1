package io.kanana.eval.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.golden.Golden;
import io.kanana.eval.task.ShotSampler.Order;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ShotSamplerTest {
  private static List<ObjectNode> documents(int count) {
    List<ObjectNode> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      documents.add(JsonNodeFactory.instance.objectNode().put("id", i));
    }
    return documents;
  }

  private static List<Integer> ints(JsonNode node) {
    List<Integer> ints = new ArrayList<>();
    node.forEach(each -> ints.add(each.asInt()));
    return ints;
  }

  @Test
  @Tag("golden")
  void drawsAreThoseOfTheHarness() {
    JsonNode golden = Golden.json(Golden.folder("eval").resolve("metrics.json")).get("samplers");
    List<ObjectNode> pool = documents(30);
    ShotSampler other = new ShotSampler("t", Order.SEEDED, pool, 1234);
    golden
        .get("default_other_split")
        .forEach(each -> assertThat(other.sample(3, null)).isEqualTo(ints(each)));
    check(golden.get("default_same_split"), new ShotSampler("t", Order.SEEDED, pool, 1234), pool);
    ShotSampler first = new ShotSampler("t", Order.FIRST, pool, 1234);
    assertThat(first.sample(3, null)).isEqualTo(ints(golden.get("first_n_other_split")));
    check(golden.get("first_n_same_split"), first, pool);
  }

  private static void check(JsonNode golden, ShotSampler sampler, List<ObjectNode> pool) {
    assertThat(golden).isNotEmpty();
    for (JsonNode each : golden) {
      ObjectNode document = pool.get(each.get("document").asInt());
      assertThat(sampler.sample(3, document)).isEqualTo(ints(each.get("shots")));
    }
  }

  @Test
  void theDocumentItselfIsNeverShown() {
    List<ObjectNode> pool = documents(6);
    pool.add(pool.getFirst().deepCopy()); // a second copy
    ShotSampler sampler = new ShotSampler("t", Order.SEEDED, pool, 7);
    for (int i = 0; i < 200; i++) {
      assertThat(sampler.sample(5, pool.getFirst()))
          .hasSize(5)
          .doesNotContain(0, 6)
          .doesNotHaveDuplicates();
    }
  }
}
