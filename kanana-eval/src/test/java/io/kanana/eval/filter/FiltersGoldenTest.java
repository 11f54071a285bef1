package io.kanana.eval.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.golden.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Chains of filters, as lm-evaluation-harness applies them. */
@Tag("golden")
class FiltersGoldenTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestFactory
  Stream<DynamicTest> chains() {
    JsonNode cases = Golden.json(Golden.folder("eval").resolve("metrics.json")).get("filters");
    return Golden.cases(
        StreamSupport.stream(cases.spliterator(), false)
            .map(
                each -> DynamicTest.dynamicTest(each.get("filter").toString(), () -> check(each))));
  }

  private static void check(JsonNode golden) {
    List<ResponseFilter> steps = new ArrayList<>();
    for (JsonNode step : golden.get("filter")) {
      ObjectNode options = step.deepCopy();
      String name = options.remove("function").asText();
      steps.add(ResponseFilters.named("filter", name, options));
    }
    FilterChain chain = new FilterChain("golden", steps);
    for (int i = 0; i < golden.get("responses").size(); i++) {
      List<String> responses =
          JSON.convertValue(
              golden.get("responses").get(i),
              JSON.getTypeFactory().constructCollectionType(List.class, String.class));
      ObjectNode document =
          golden.get("docs").isNull()
              ? JsonNodeFactory.instance.objectNode()
              : (ObjectNode) golden.get("docs").get(i);
      assertThat(chain.apply(responses, document)).isEqualTo(golden.get("result").get(i));
    }
  }
}
