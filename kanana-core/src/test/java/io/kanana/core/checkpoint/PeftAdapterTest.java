package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.autograd.Parameter;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.Precision;
import io.kanana.core.model.Projection;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.tensor.TensorBackends;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters to PEFT's directories and back, and directories that are refused. */
class PeftAdapterTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LAYER_1 = "base_model.model.model.layers.1.";
  private static final String UP_A = LAYER_1 + "mlp.up_proj.lora_A.weight";

  private static final PeftConfig CONFIG =
      new PeftConfig(
          Optional.of("models/base"),
          3,
          6,
          true,
          EnumSet.of(Projection.Q_PROJ, Projection.UP_PROJ));

  @TempDir Path directory;

  private final TensorBackend backend = TensorBackends.open("reference", 1);
  private Path adapter;

  private static ModelConfig shape(int layers, int hidden) {
    RopeConfig rope = new RopeConfig(10_000, new RopeScaling.None());
    return new ModelConfig(layers, hidden, 4, 2, 4, 20, 11, 16, 1e-5, rope, true);
  }

  private static final ModelConfig SHAPE = shape(2, 12);

  @BeforeEach
  void writeOne() {
    adapter = directory.resolve("adapter");
    try (Llama model = model();
        ArtefactWriter artefact = ArtefactWriter.create(adapter, PeftAdapter.KIND, List.of())) {
      for (Parameter parameter : model.adapt(CONFIG.shape(), true).parameters()) {
        float[] values = new float[(int) parameter.value().size()];
        RandomKey.of(4).child(parameter.name()).fillGaussian(values, 0, 0.2);
        backend.write(values, parameter.value());
      }
      PeftAdapter.write(artefact, CONFIG, model);
      artefact.commit();
    }
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private Llama model() {
    Llama model = Llama.frozen(SHAPE, Precision.F32, backend);
    model.initialise(RandomKey.of(3), 0.2);
    return model;
  }

  @Test
  void adaptersComeBackAsTheyWere() {
    try (PeftAdapter found = PeftAdapter.open(adapter, SHAPE);
        Llama model = model()) {
      assertThat(found.config()).isEqualTo(CONFIG);
      found.attach(model, true);
      List<Parameter> parameters = model.adapters().orElseThrow().parameters();
      assertThat(parameters).hasSize(2 * 2 * 2).allMatch(Parameter::trained);
      for (Parameter parameter : parameters) {
        float[] expected = new float[(int) parameter.value().size()];
        RandomKey.of(4).child(parameter.name()).fillGaussian(expected, 0, 0.2);
        assertThat(backend.floats(parameter.value())).isEqualTo(expected);
      }
    }
  }

  @Test
  void theConfigurationIsWhatPeftReads() throws IOException {
    JsonNode json = JSON.readTree(adapter.resolve("adapter_config.json").toFile());
    assertThat(json.get("r")).isEqualTo(JSON.readTree("3"));
    assertThat(json.get("lora_alpha")).isEqualTo(JSON.readTree("6"));
    assertThat(json.get("use_rslora").asBoolean()).isTrue();
    assertThat(json.get("target_modules")).isEqualTo(JSON.readTree("[\"q_proj\", \"up_proj\"]"));
    assertThat(json.get("base_model_name_or_path").asText()).isEqualTo("models/base");
    assertThat(CONFIG.shape().scale()).isEqualTo(6 / Math.sqrt(3));
  }

  @Test
  void adaptersInBf16AreRead() throws IOException {
    List<TensorContent> rounded = new ArrayList<>();
    try (PeftAdapter found = PeftAdapter.open(adapter, SHAPE)) {
      tensors(found).forEach((_, content) -> rounded.add(content.as(StoredType.BF16)));
      write(directory.resolve("rounded"), json(), rounded);
    }
    try (PeftAdapter found = PeftAdapter.open(directory.resolve("rounded"), SHAPE);
        PeftAdapter exact = PeftAdapter.open(adapter, SHAPE);
        Llama model = model()) {
      found.attach(model, false);
      String weight = "model.layers.1.mlp.up_proj.weight";
      float[] values = found.down(weight).floats();
      float[] expected = exact.down(weight).floats();
      for (int i = 0; i < values.length; i++) {
        assertThat(Math.abs(values[i] - expected[i])).isLessThan(Math.abs(expected[i]) / 256);
      }
    }
  }

  private ObjectNode json() throws IOException {
    return (ObjectNode) JSON.readTree(adapter.resolve("adapter_config.json").toFile());
  }

  /** The tensors of a directory, by name, to be written again. */
  private static Map<String, TensorContent> tensors(PeftAdapter found) {
    Map<String, TensorContent> contents = new TreeMap<>();
    for (int layer = 0; layer < SHAPE.layers(); layer++) {
      for (String module : List.of("self_attn.q_proj", "mlp.up_proj")) {
        String weight = "model.layers." + layer + "." + module + ".weight";
        for (StoredTensor tensor : List.of(found.down(weight), found.up(weight))) {
          contents.put(tensor.spec().name(), TensorContent.of(tensor));
        }
      }
    }
    return contents;
  }

  private static void write(Path target, ObjectNode config, Iterable<TensorContent> tensors)
      throws IOException {
    Files.createDirectories(target);
    Files.write(target.resolve("adapter_config.json"), JSON.writeValueAsBytes(config));
    List<TensorContent> all = new ArrayList<>();
    tensors.forEach(all::add);
    try (FileChannel out =
        FileChannel.open(
            target.resolve("adapter_model.safetensors"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      SafetensorsWriter.write(all, SafetensorsWriter.PYTORCH, out);
    }
  }

  private void refused(Path target, ModelConfig base, String message) {
    assertThatThrownBy(() -> PeftAdapter.open(target, base).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(target.toString())
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "peft_type | \"IA3\" | 'peft_type' must be \"LORA\", got '\"IA3\"'",
        "task_type | \"SEQ_CLS\" | 'task_type' must be \"CAUSAL_LM\" or null",
        "bias | \"all\" | 'bias' must be \"none\" or null, got '\"all\"'",
        "init_lora_weights | \"pissa\" | 'init_lora_weights' must be",
        "use_dora | true | 'use_dora' must be absent or off, got 'true'",
        "lora_bias | true | 'lora_bias' must be absent or off",
        "fan_in_fan_out | true | 'fan_in_fan_out' must be absent or off",
        "modules_to_save | [\"lm_head\"] | 'modules_to_save' must be absent or off",
        "rank_pattern | {\"q_proj\": 8} | 'rank_pattern' must be absent or off",
        "alpha_pattern | {\"q_proj\": 8} | 'alpha_pattern' must be absent or off",
        "layers_to_transform | [0] | 'layers_to_transform' must be absent or off",
        "layers_to_transform | 0 | 'layers_to_transform' must be absent or off",
        "something_new | {\"x\": 1} | 'something_new' must be absent or off",
        "target_modules | \"all-linear\" | 'target_modules' must be a list",
        "target_modules | [] | 'target_modules' must name at least one module",
        "target_modules | [\"lm_head\"] | must name projections of every layer (q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj), got 'lm_head'",
        "target_modules | [\"proj\"] | got 'proj'",
        "r | 0 | 'r' must be at least 1, got 0",
        "r | 2.5 | 'r' must be a whole number",
        "lora_alpha | 0 | 'lora_alpha' must be > 0, got 0.0",
        "lora_alpha | null | 'lora_alpha' is missing",
      })
  void aConfigurationThatIsNotSupported(String key, String value, String message)
      throws IOException {
    ObjectNode json = json();
    json.set(key, JSON.readTree(value));
    write(directory.resolve("other"), json, List.of());
    refused(directory.resolve("other"), SHAPE, message);
  }

  /** What PEFT 0.21 writes beside what we read, all of it off. */
  @Test
  void whatIsOffIsNoReasonToRefuse() throws IOException {
    ObjectNode json = json();
    json.put("use_dora", false).put("lora_dropout", 0.05).put("megatron_core", "megatron.core");
    json.putNull("modules_to_save").putNull("task_type").putObject("rank_pattern");
    json.put("qalora_group_size", 16).put("init_lora_weights", "gaussian").putNull("eva_config");
    json.putArray("target_modules").add("self_attn.q_proj").add("up_proj");
    try (PeftAdapter found = PeftAdapter.open(adapter, SHAPE)) {
      write(directory.resolve("other"), json, tensors(found).values());
    }
    try (PeftAdapter found = PeftAdapter.open(directory.resolve("other"), SHAPE)) {
      assertThat(found.config()).isEqualTo(CONFIG);
    }
  }

  @Test
  void tensorsThatAreMissingOrTooManyOrMisshapen() throws IOException {
    Path other = directory.resolve("other");
    try (PeftAdapter found = PeftAdapter.open(adapter, SHAPE)) {
      Map<String, TensorContent> all = tensors(found);
      TensorContent up = all.remove(UP_A);
      write(other, json(), all.values());
      refused(other, SHAPE, "has no tensor '" + UP_A + "'");
      all.put(UP_A, renamed(up, UP_A, 12, 3));
      write(other, json(), all.values());
      refused(other, SHAPE, UP_A + "' is F32 [12, 3]; by rank 3 and the model's shape it must be");
      all.put(UP_A, up);
      all.put("x", renamed(up, "base_model.model.lm_head.lora_A.weight", 3, 12));
      write(other, json(), all.values());
      refused(other, SHAPE, "has tensor 'base_model.model.lm_head.lora_A.weight', which");
    }
  }

  private static TensorContent renamed(TensorContent content, String name, long... shape) {
    return new TensorContent(
        TensorSpec.of(name, StoredType.F32, shape), StoredType.F32, content.data());
  }

  @Test
  void anotherRankThanTheConfigurations() throws IOException {
    ObjectNode json = json().put("r", 4);
    try (PeftAdapter found = PeftAdapter.open(adapter, SHAPE)) {
      write(directory.resolve("other"), json, tensors(found).values());
    }
    refused(directory.resolve("other"), SHAPE, "is F32 [3, 12]; by rank 4 and the model's shape");
  }

  @Test
  void aBaseOfAnotherShape() {
    refused(adapter, shape(2, 16), "[3, 12]; by rank 3 and the model's shape it must be floating");
    refused(adapter, shape(3, 12), "has no tensor 'base_model.model.model.layers.2.");
    refused(adapter, shape(1, 12), "has tensor '" + UP_A + "', which");
  }

  @Test
  void otherAdaptersThanThoseOfTheModel() {
    PeftConfig wider = new PeftConfig(Optional.empty(), 3, 3, false, CONFIG.targets());
    try (PeftAdapter found = PeftAdapter.open(adapter, SHAPE);
        Llama model = model()) {
      model.adapt(wider.shape(), true);
      assertThatThrownBy(() -> found.read(model))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("has adapters of rank 3, scale 3.46")
          .hasMessageContaining("but the run's are of rank 3, scale 1.0, q_proj, up_proj");
    }
  }

  @Test
  void aDirectoryOfOthersIsCalledByItsContent() throws IOException {
    Path other = directory.resolve("other");
    try (PeftAdapter found = PeftAdapter.open(adapter, SHAPE)) {
      write(other, json(), tensors(found).values());
    }
    String first;
    try (PeftAdapter found = PeftAdapter.open(other, SHAPE)) {
      first = found.id();
    }
    Files.writeString(other.resolve("README.md"), "a card");
    try (PeftAdapter found = PeftAdapter.open(other, SHAPE)) {
      assertThat(found.id()).isEqualTo(first);
    }
    Files.write(
        other.resolve("adapter_config.json"), JSON.writeValueAsBytes(json().put("lora_alpha", 7)));
    try (PeftAdapter changed = PeftAdapter.open(other, SHAPE);
        PeftAdapter ours = PeftAdapter.open(adapter, SHAPE)) {
      assertThat(changed.id()).isNotEqualTo(first);
      assertThat(ours.id()).isEqualTo(Artefact.open(adapter).id());
    }
  }
}
