package io.kanana.posttrain.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.KananaException;
import io.kanana.core.error.NumericalException;
import io.kanana.core.job.Cancellation;
import io.kanana.core.model.ModelConfig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be merged is refused by name, and what is not whole is not there. */
class MergeFaultsTest {
  private static final String TWO = "models: [{path: HERE/a}, {path: HERE/b}]\n";

  @TempDir Path directory;

  private SmallMerge small;

  @BeforeEach
  void place() {
    small = new SmallMerge(directory);
    small.model("a", 1);
  }

  private void refused(Class<? extends KananaException> kind, String yaml, String... parts)
      throws IOException {
    assertThatThrownBy(() -> small.run(yaml)).isInstanceOf(kind).hasMessageContainingAll(parts);
    assertThat(left()).isEmpty();
  }

  /** Anything of a model in the output, hidden files included. */
  private List<String> left() throws IOException {
    if (!Files.exists(small.file(""))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(small.file(""))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains("model"))
          .toList();
    }
  }

  @Test
  void parentsOfOtherShapes() throws IOException {
    ModelConfig shape = SmallMerge.shape();
    ModelConfig wider = shape.resized(2, 32, 4, 2, 64, true);
    small.model("b", 2, StoredType.F32, wider, weight -> weight);
    refused(
        ConfigException.class,
        TWO,
        "models[1].path: " + directory.resolve("b") + " is of another shape than ",
        "ffn-size is 64, not 48; only models of one shape can be merged");
    small.model("c", 2, StoredType.F32, shape.resized(3, 32, 4, 4, 48, false), weight -> weight);
    refused(
        ConfigException.class,
        "models: [{path: HERE/a, density: 1}]\nbase: HERE/c\nmethod: {type: ties}",
        "base: ",
        "layers is 3, not 2, kv-heads is 4, not 2, tied-embeddings is false, not true");
  }

  /** Changes one element of one tensor. */
  private static UnaryOperator<TensorContent> with(String tensor, int index, float value) {
    return weight -> {
      if (!weight.spec().name().equals(tensor)) {
        return weight;
      }
      float[] values = weight.data().get().toArray(ValueLayout.JAVA_FLOAT);
      values[index] = value;
      return new TensorContent(weight.spec(), StoredType.F32, () -> MemorySegment.ofArray(values));
    };
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY})
  void weightsThatAreNoNumbers(float value) throws IOException {
    String tensor = "model.layers.1.mlp.up_proj.weight";
    small.model("b", 2, StoredType.F32, SmallMerge.shape(), with(tensor, 77, value));
    refused(
        CheckpointException.class,
        TWO,
        directory.resolve("b") + ": tensor " + tensor + " has " + value + " at index 77; only");
  }

  @ParameterizedTest
  @CsvSource({"f16, 70000", "bf16, 3.4e38", "f32, 2e38"})
  void aMergedWeightThatItsTypeCannotHold(String type, float value) throws IOException {
    String tensor = "model.norm.weight";
    small.model("b", 2, StoredType.F32, SmallMerge.shape(), with(tensor, 3, value));
    refused(
        NumericalException.class,
        "models: [{path: HERE/b, weight: 2}]\nmethod: {normalize: false}\nstore-as: " + type,
        "the merged tensor model.norm.weight would have ",
        "at index 3, which " + type.toUpperCase(java.util.Locale.ROOT) + " cannot hold");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      value = {
        "{density: 0}@models[0].density: must be above 0 and at most 1, got 0.0",
        "{density: 1.5}@models[0].density: must be above 0 and at most 1, got 1.5",
        "{density: .nan}@models[0].density",
        "{weight: .nan, density: 1}@models[0].weight",
        "{weight: 1}@models[0].density: is missing; ties needs the share of entries that stays",
      })
  void plansThatSayNothingSensible(String settings, String message) throws IOException {
    refused(
        ConfigException.class,
        "models: [{path: HERE/a, "
            + settings.substring(1)
            + "]\nbase: HERE/a\nmethod: {type: ties}",
        message);
    assertThat(small.file("")).doesNotExist();
  }

  @Test
  void plansWithoutWhatTheyNeed() throws IOException {
    small.model("b", 2);
    refused(
        ConfigException.class,
        TWO + "method: {type: task-arithmetic}",
        "base: is missing; task-arithmetic needs the model that the others began as");
    refused(ConfigException.class, "models: []", "models: must name at least one model");
    refused(
        ConfigException.class,
        TWO + "store-as: i8",
        "store-as: must be one of f64, f32, bf16, f16, got \"i8\"");
    refused(ConfigException.class, TWO + "method: {type: tie}", "method", "ties");
    refused(
        CheckpointException.class,
        "models: [{path: HERE/a}, {path: HERE/nowhere}]",
        directory.resolve("nowhere") + ": there is no such directory");
    refused(
        ConfigException.class,
        TWO + "base: HERE/out/model\nmethod: {type: task-arithmetic}",
        "base: is where the merge would be written; give another output");
  }

  @Test
  void truncatedParents() throws IOException {
    small.model("b", 2);
    Path weights = directory.resolve("b/model.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
      file.setLength(file.length() - 100);
    }
    refused(CheckpointException.class, TWO, weights + ": ", "size");
    SmallMerge.foreign(directory.resolve("b"));
    refused(CheckpointException.class, TWO, weights.toString());
  }

  @Test
  void aParentThatIsNotAsItWasWritten() throws IOException {
    small.model("b", 2);
    Path weights = directory.resolve("b/model.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
      file.seek(file.length() - 3);
      file.write(1);
    }
    refused(CheckpointException.class, TWO, weights.toString(), "SHA-256");
  }

  /** Gives the second model, one of others', a changed copy of the first one's tokenizer. */
  private void editTokenizer(UnaryOperator<ObjectNode> edit) throws IOException {
    Path other = directory.resolve("b");
    if (!Files.exists(other)) {
      SmallMerge.foreign(small.model("b", 2));
    }
    ObjectMapper json = new ObjectMapper();
    Path file = directory.resolve("a/tokenizer.json");
    ObjectNode tree = (ObjectNode) json.readTree(file.toFile());
    json.writeValue(other.resolve("tokenizer.json").toFile(), edit.apply(tree));
  }

  @Test
  void tokenizersThatDiffer() throws IOException {
    editTokenizer(
        tree -> {
          ObjectNode vocabulary = (ObjectNode) tree.at("/model/vocab");
          var a = vocabulary.remove("A");
          vocabulary.set("A", vocabulary.get("B"));
          vocabulary.set("B", a);
          return tree;
        });
    refused(
        CheckpointException.class,
        TWO,
        directory.resolve("b") + ": has another tokenizer than " + directory.resolve("a"),
        "token 36 is \"B\" in the one and \"A\" in the other; rows of their embeddings are not the same tokens'");
    editTokenizer(
        tree -> {
          ((ObjectNode) tree.at("/added_tokens/2")).put("content", "<|other|>");
          ObjectNode vocabulary = (ObjectNode) tree.at("/model/vocab");
          vocabulary.remove("<|im_start|>");
          vocabulary.put("<|other|>", 2);
          return tree;
        });
    refused(
        CheckpointException.class,
        TWO,
        "token 2 is \"<|other|>\" in the one and \"<|im_start|>\" in the other");
    editTokenizer(
        tree -> {
          ((ObjectNode) tree.at("/added_tokens/2")).put("lstrip", true);
          return tree;
        });
    refused(CheckpointException.class, TWO, "their added_tokens are not the same");
    editTokenizer(
        tree -> {
          ObjectNode more = (ObjectNode) tree.at("/added_tokens/2").deepCopy();
          tree.withArray("added_tokens").add(more.put("id", 300).put("content", "<|more|>"));
          return tree;
        });
    refused(
        CheckpointException.class,
        TWO,
        "token 300 is \"<|more|>\" in the one and missing in the other");
    Files.delete(directory.resolve("b/tokenizer.json"));
    refused(CheckpointException.class, TWO, directory.resolve("b") + " has no tokenizer.json");
  }

  @Test
  void theSameTokenizerMayBeWrittenInAnotherWay() throws IOException {
    editTokenizer(
        tree -> {
          tree.put("version", "1.0").putNull("padding");
          return (ObjectNode) tree.set("model", tree.remove("model"));
        });
    assertThat(directory.resolve("b/tokenizer.json"))
        .content()
        .isNotEqualTo(Files.readString(directory.resolve("a/tokenizer.json")));
    small.run(TWO);
    assertThat(small.file("model/model.safetensors")).exists();
  }

  @Test
  void aStoppedMergeIsNotThereAndIsBegunAgain() throws IOException {
    small.model("b", 2);
    Cancellation cancellation = new Cancellation();
    small.run(
        status -> {
          if (status.contains("layers.1.mlp")) {
            cancellation.request();
          }
        },
        cancellation,
        TWO);
    assertThat(cancellation.requested()).isTrue();
    assertThat(left()).isEmpty();
    small.run(TWO);
    assertThat(small.file("model/model.safetensors")).exists();
  }

  @Test
  void aKilledMergeIsNotThereAndIsBegunAgain() throws Exception {
    small.model("b", 2);
    Process process = HangingMerge.start(directory);
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("half-way");
      assertThat(left()).as("a hidden, unfinished directory").hasSize(1);
    } finally {
      process.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
    assertThat(small.file("model")).doesNotExist();
    small.run(TWO);
    assertThat(left()).containsExactly("model");
    byte[] merged = Files.readAllBytes(small.file("model/model.safetensors"));
    SmallMerge again = new SmallMerge(Files.createDirectory(directory.resolve("again")));
    again.run(TWO.replace("HERE", directory.toString()));
    assertThat(again.file("model/model.safetensors")).hasBinaryContent(merged);
  }

  @Test
  void anotherPlanDoesNotTakeTheModelOfTheFormer() throws IOException {
    small.model("b", 2);
    small.run(TWO);
    assertThatThrownBy(() -> small.run(TWO, "models[0].weight=2"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("models", "the model in", "were made from the former");
    assertThat(Files.readString(small.file("model/config.yaml"))).doesNotContain("weight: 2");
  }
}
