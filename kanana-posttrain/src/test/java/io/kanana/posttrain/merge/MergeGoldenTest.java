package io.kanana.posttrain.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import io.kanana.core.golden.GoldenTensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every merge of the golden values: mergekit's, or the definition where it says so. */
@Tag("golden")
class MergeGoldenTest {
  private static final double TOLERANCE = 1e-12;

  /**
   * What a case is here.
   *
   * @param second the name of the second model
   * @param base whether there is one
   */
  private record Case(MergeMethod method, String second, boolean base) {}

  private static final Map<String, Case> CASES =
      Map.of(
          "merge.linear",
          new Case(new Linear(true).create(Plans.weighted(0.3, 0.7)), "b", false),
          "merge.slerp0.5",
          new Case(new Slerp(0.5).create(Plans.unweighted(2)), "b", false),
          "merge.slerp0.2",
          new Case(new Slerp(0.2).create(Plans.unweighted(2)), "b", false),
          "merge.slerpNearlyParallel",
          new Case(new Slerp(0.5).create(Plans.unweighted(2)), "nearA", false),
          "merge.taskArithmetic",
          new Case(
              new TaskArithmetic(1, false).create(Plans.withBase(Plans.weighted(0.6, 0.4))),
              "b",
              true),
          "merge.ties0.5",
          new Case(new Ties(1, true).create(Plans.thinned(1, 0.5, 1, 1)), "b", true),
          "merge.ties0.5weighted",
          new Case(new Ties(0.9, true).create(Plans.thinned(1, 0.5, 0.7, 0.4)), "b", true));

  private final Path folder = Golden.folder("pruning");
  private final JsonNode cases = Golden.json(folder.resolve("values.json")).get("cases");
  private final GoldenTensors tensors = new GoldenTensors(folder.resolve("values.safetensors"));

  private Stream<JsonNode> cases() {
    return StreamSupport.stream(cases.spliterator(), false)
        .filter(found -> found.get("id").asText().startsWith("merge."));
  }

  @TestFactory
  Stream<DynamicTest> merges() {
    List<JsonNode> found = cases().filter(golden -> golden.has("results")).toList();
    return Golden.cases(
        found.stream()
            .map(
                golden -> DynamicTest.dynamicTest(golden.get("id").asText(), () -> check(golden))));
  }

  private void check(JsonNode golden) {
    Case known = CASES.get(golden.get("id").asText());
    assertThat(known).as("a merge that this test knows").isNotNull();
    JsonNode inputs =
        cases()
            .filter(found -> found.get("id").equals(golden.get("inputs")))
            .findFirst()
            .orElseThrow()
            .get("tensors");
    assertThat(golden.get("results").properties()).isNotEmpty();
    golden
        .get("results")
        .properties()
        .forEach(result -> check(known, inputs.get(result.getKey()), result.getValue().asText()));
  }

  private void check(Case known, JsonNode names, String expected) {
    Elements a = elements(names.get("a"));
    Elements second = elements(names.get(known.second));
    ParentTensors parents =
        known.base
            ? MemoryElements.withBase(elements(names.get("base")), a, second)
            : MemoryElements.parents(a, second);
    double[] merged = MemoryElements.all(known.method.merge(parents));
    assertThat(merged).as(expected).containsExactly(tensors.doubles(expected), within(TOLERANCE));
  }

  private Elements elements(JsonNode name) {
    return new MemoryElements(tensors.doubles(name.asText()));
  }
}
