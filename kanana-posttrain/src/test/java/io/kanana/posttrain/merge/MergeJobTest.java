package io.kanana.posttrain.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.LlamaWeights;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.config.Yaml;
import io.kanana.core.model.Llama;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.reference.ReferenceBackend;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeJobTest {
  private static final String TWO =
      "models: [{path: HERE/a, weight: 0.3}, {path: HERE/b, weight: 0.7}]\n";
  private static final String THIN =
      """
      models: [{path: HERE/a, density: 0.5}, {path: HERE/b, weight: 0.7, density: 0.4}]
      base: HERE/base
      """;

  @TempDir Path directory;

  private SmallMerge small;

  @BeforeEach
  void place() {
    small = new SmallMerge(directory);
    small.model("a", 1);
    small.model("b", 2);
    small.model("base", 3);
  }

  private static Map<String, float[]> weights(Path model) {
    Map<String, float[]> weights = new TreeMap<>();
    try (HuggingFaceModel stored = HuggingFaceModel.open(model)) {
      for (String name : stored.tensors().names()) {
        weights.put(name, stored.weight(name).floats());
      }
    }
    return weights;
  }

  @Test
  void aMergeIsAnOrdinaryModelWhoseLogitsAreThoseOfTheMergedWeights() throws IOException {
    small.run(TWO);
    Map<String, float[]> a = weights(directory.resolve("a"));
    Map<String, float[]> b = weights(directory.resolve("b"));
    try (TensorBackend backend = new ReferenceBackend();
        ModelDirectory merged = ModelDirectory.open(small.file("model"), backend, Precision.F32);
        Llama expected = Llama.frozen(SmallMerge.shape(), Precision.F32, backend)) {
      for (var parameter : expected.parameters()) {
        for (var part : parameter.parts()) {
          float[] sum = a.get(part.name()).clone();
          for (int i = 0; i < sum.length; i++) {
            sum[i] = (float) (0.3 * sum[i] + 0.7 * b.get(part.name())[i]);
          }
          backend.write(sum, parameter.view(part, parameter.value()));
        }
      }
      expected.refreshCopies();
      int[] ids = merged.tokenizer().encode("The sea is deep. 바다", Specials.NONE);
      double[] logits = Logits.of(merged.model(), ids);
      assertThat(logits).isEqualTo(Logits.of(expected, ids));
      assertThat(logits).isNotEqualTo(logitsOf("a", backend, ids));
    }
  }

  private double[] logitsOf(String model, TensorBackend backend, int[] ids) {
    try (ModelDirectory parent =
        ModelDirectory.open(directory.resolve(model), backend, Precision.F32)) {
      return Logits.of(parent.model(), ids);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models: [{path: HERE/a}, {path: HERE/a, weight: 0.7}]",
        "models: [{path: HERE/a}, {path: HERE/a}]\nmethod: {type: slerp}",
        """
        models: [{path: HERE/a, weight: 0.4}, {path: HERE/a, weight: 0.6}]
        base: HERE/b
        method: {type: task-arithmetic}
        """,
        """
        models: [{path: HERE/a, weight: 2, density: 1}, {path: HERE/a, density: 1}]
        base: HERE/b
        method: {type: ties}
        """,
        """
        models: [{path: HERE/a, density: 0.1}]
        base: HERE/a
        method: {type: dare-ties}
        """
      })
  void aModelMergedWithItselfIsItselfBitForBit(String yaml) throws IOException {
    small.run(yaml);
    assertThat(small.file("model/model.safetensors"))
        .hasSameBinaryContentAs(directory.resolve("a/model.safetensors"));
  }

  @Test
  void allParentsAreNamedAndTheirComputeIsCarriedOnce() throws IOException {
    small.run(THIN + "method: {type: ties}");
    Provenance made = Provenance.read(small.file("model/provenance.json"));
    List<String> ids = new ArrayList<>();
    for (String parent : List.of("a", "b", "base")) {
      ids.add(Artefact.open(directory.resolve(parent)).id());
    }
    assertThat(made.job()).isEqualTo("merge");
    assertThat(made.parents()).extracting(Provenance.Parent::artefact).isEqualTo(ids);
    assertThat(made.stages()).isEmpty();
    assertThat(made.ancestors())
        .extracting(StageCompute::run)
        .containsExactlyInAnyOrder("common", "a", "b", "base");
    assertThat(made.totalTokens()).isEqualTo(70 + 3 * 10);
    assertThat(Artefact.open(small.file("model")).manifest().parents()).isEqualTo(ids);
    var plan = Yaml.read(small.file("model/merge.yaml"));
    assertThat(plan.at("/models/1/artefact").asText()).isEqualTo(ids.get(1));
    assertThat(plan.at("/models/1/weight").asDouble()).isEqualTo(0.7);
    assertThat(plan.at("/models/0/weight").isMissingNode()).isTrue();
    assertThat(plan.at("/models/1/density").asDouble()).isEqualTo(0.4);
    assertThat(plan.at("/method/type").asText()).isEqualTo("ties");
    assertThat(plan.at("/base-artefact").asText()).isEqualTo(ids.get(2));
    assertThat(plan.has("output")).isFalse();
  }

  @Test
  void whatBelongsToAModelIsTheFirstOnes() throws IOException {
    small.run(THIN + "method: {type: dare-linear}");
    for (String name : List.of("tokenizer.json", "tokenizer_config.json", "LICENSE")) {
      assertThat(small.file("model/" + name))
          .hasSameBinaryContentAs(directory.resolve("a").resolve(name));
    }
    assertThat(small.file("model/generation_config.json")).exists();
  }

  @Test
  void modelsOfOthersCanBeMerged() throws IOException {
    SmallMerge.foreign(directory.resolve("a"));
    small.run(TWO);
    Provenance made = Provenance.read(small.file("model/provenance.json"));
    assertThat(made.ancestors())
        .extracting(StageCompute::run)
        .containsExactlyInAnyOrder("common", "b");
    try (HuggingFaceModel a = HuggingFaceModel.open(directory.resolve("a"))) {
      assertThat(made.parents().getFirst().artefact()).isEqualTo(a.id());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f64", "bf16", "f16"})
  void weightsAreStoredAsAskedAndRoundedOnce(String type) throws IOException {
    small.run(TWO, "store-as=" + type);
    StoredType stored = StoredType.valueOf(type.toUpperCase(java.util.Locale.ROOT));
    Map<String, float[]> a = weights(directory.resolve("a"));
    Map<String, float[]> b = weights(directory.resolve("b"));
    try (HuggingFaceModel merged = HuggingFaceModel.open(small.file("model"))) {
      assertThat(merged.config().type()).isEqualTo(stored);
      for (TensorSpec spec : LlamaWeights.specs(SmallMerge.shape(), stored).toList()) {
        assertThat(merged.weight(spec.name()).spec()).isEqualTo(spec);
        double[] found = merged.weight(spec.name()).doubles();
        for (int i = 0; i < found.length; i++) {
          double sum = 0.3 * a.get(spec.name())[i] + 0.7 * b.get(spec.name())[i];
          assertThat(found[i]).isEqualTo(rounded(sum, stored));
        }
      }
    }
  }

  /** By the nearest of the type's numbers, found without the conversion under test. */
  private static double rounded(double value, StoredType type) {
    int bits = type == StoredType.BF16 ? 7 : 10;
    if (type == StoredType.F64 || value == 0) {
      return value;
    }
    int exponent = Math.getExponent(value);
    int least = type == StoredType.BF16 ? -126 : -14;
    double unit = Math.scalb(1.0, Math.max(exponent, least) - bits);
    return Math.rint(value / unit) * unit;
  }

  @Test
  void theFirstModelsTypeIsKept() throws IOException {
    small.model("half", 4, StoredType.BF16, SmallMerge.shape(), weight -> weight);
    small.run("models: [{path: HERE/half}, {path: HERE/a}]");
    try (HuggingFaceModel merged = HuggingFaceModel.open(small.file("model"))) {
      assertThat(merged.config().type()).isEqualTo(StoredType.BF16);
      assertThat(merged.weight("model.norm.weight").spec().type()).isEqualTo(StoredType.BF16);
    }
  }

  @Test
  void theSeedDecidesWhatStays() throws IOException {
    String yaml = THIN + "method: {type: dare-linear}";
    small.run(yaml);
    byte[] first = Files.readAllBytes(small.file("model/model.safetensors"));
    SmallMerge again = other("again");
    again.run(yaml);
    assertThat(again.file("model/model.safetensors")).hasBinaryContent(first);
    SmallMerge seeded = other("seeded");
    seeded.run(yaml, "seed=18");
    assertThat(Files.readAllBytes(seeded.file("model/model.safetensors"))).isNotEqualTo(first);
  }

  private SmallMerge other(String name) throws IOException {
    SmallMerge other = new SmallMerge(Files.createDirectories(directory.resolve(name)));
    other.model("a", 1);
    other.model("b", 2);
    other.model("base", 3);
    return other;
  }

  @Test
  void aPlanSaysWhatItWouldTake() throws IOException {
    String plan = small.plan(THIN + "method: {type: ties}", "store-as=bf16");
    assertThat(plan.lines())
        .containsExactly(
            "models   2 and a base",
            "shape    2 layers, hidden size 32, 4 heads, 2 kv heads, ffn size 48, vocabulary 300,"
                + " tied: 25,120 parameters",
            "written  50,240 bytes of BF16",
            "memory   4 MiB");
    assertThat(small.file("")).doesNotExist();
    assertThat(small.plan("models: [{path: HERE/c}, {path: HERE/a}]"))
        .isEqualTo("parent  not there yet: " + directory.resolve("c"));
  }

  @Test
  void aFinishedMergeIsNotMadeAgainUnlessAParentChanged() throws IOException {
    small.run(TWO);
    Path file = small.file("model/model.safetensors");
    byte[] first = Files.readAllBytes(file);
    assertThat(small.run(TWO)).containsExactly(small.file("model") + " is there already");
    small.model("b", 20);
    assertThat(small.run(TWO)).containsExactly("saved " + small.file("model"));
    assertThat(Files.readAllBytes(file)).isNotEqualTo(first);
  }
}
