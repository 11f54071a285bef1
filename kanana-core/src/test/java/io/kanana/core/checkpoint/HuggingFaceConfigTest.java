package io.kanana.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HuggingFaceConfigTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static HuggingFaceConfig example(RopeScaling scaling) {
    ModelConfig model =
        new ModelConfig(
            2, 48, 6, 2, 16, 60, 101, 256, 1e-5, new RopeConfig(500_000, scaling), true);
    SpecialTokens tokens = new SpecialTokens(OptionalInt.of(1), List.of(2, 3), OptionalInt.of(0));
    return new HuggingFaceConfig(model, StoredType.BF16, tokens, OptionalDouble.of(0.02));
  }

  private static Stream<RopeScaling> scalings() {
    return Stream.of(
        new RopeScaling.None(),
        new RopeScaling.Linear(2),
        new RopeScaling.Llama3(8, 1, 4, 64),
        RopeScaling.Yarn.of(4, 64),
        new RopeScaling.Yarn(4, 64, 16, 2, OptionalDouble.of(1.25)));
  }

  @ParameterizedTest
  @MethodSource("scalings")
  void everyConfigurationComesBackFromEitherKindOfKeys(RopeScaling scaling) throws IOException {
    HuggingFaceConfig config = example(scaling);
    assertThat(HuggingFaceConfig.parse("c", config.toJson())).isEqualTo(config);
    ObjectNode four = tree(config.toJson());
    four.remove(List.of("rope_parameters", "dtype"));
    assertThat(HuggingFaceConfig.parse("c", JSON.writeValueAsBytes(four))).isEqualTo(config);
    ObjectNode five = tree(config.toJson());
    five.remove(List.of("rope_scaling", "rope_theta", "torch_dtype"));
    assertThat(HuggingFaceConfig.parse("c", JSON.writeValueAsBytes(five))).isEqualTo(config);
  }

  private static ObjectNode tree(byte[] json) throws IOException {
    return (ObjectNode) JSON.readTree(json);
  }

  private static HuggingFaceConfig with(String change) throws IOException {
    ObjectNode json = tree(example(new RopeScaling.None()).toJson());
    ((ObjectNode) JSON.readTree(change))
        .properties()
        .forEach(entry -> json.set(entry.getKey(), entry.getValue()));
    return HuggingFaceConfig.parse("config.json", JSON.writeValueAsBytes(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"architectures\": [\"GPT2LMHeadModel\"]} | 'architectures' must be [LlamaForCausalLM]",
        "{\"model_type\": \"gemma\"} | 'model_type' must be llama or mistral, got 'gemma'",
        "{\"attention_bias\": true} | 'attention_bias' must be false",
        "{\"mlp_bias\": true} | 'mlp_bias' must be false",
        "{\"mlp_bias\": 0} | 'mlp_bias' must be true or false, got '0'",
        "{\"hidden_act\": \"gelu\"} | 'hidden_act' must be silu, got 'gelu'",
        "{\"quantization_config\": {}} | 'quantization_config' is not supported",
        "{\"partial_rotary_factor\": 0.5} | must be 1",
        "{\"dtype\": \"int8\"} | 'dtype' must be float32",
        "{\"num_hidden_layers\": null} | 'num_hidden_layers' is missing",
        "{\"num_hidden_layers\": 0} | layers: must be at least 1, got 0",
        "{\"num_hidden_layers\": 2.5} | must be a whole number, got '2.5'",
        "{\"num_hidden_layers\": 99999999999} | must be from 0 to 2147483647",
        "{\"num_key_value_heads\": 4} | must divide heads (6), got 4",
        "{\"head_dim\": null, \"num_attention_heads\": 5} | is missing, and hidden_size 48",
        "{\"rope_theta\": 7.0} | says otherwise",
        "{\"rope_parameters\": {\"rope_type\": \"longrope\"}} | got 'longrope'",
        "{\"rope_parameters\": {\"rope_type\": \"linear\"}} | 'rope_parameters.factor' is missing",
        "{\"rope_parameters\": {\"rope_type\": \"yarn\", \"factor\": 2, \"truncate\": false}}"
            + " | 'rope_parameters.truncate' must be true",
        "{\"rope_parameters\": 3} | must be an object",
        "{\"model_type\": \"mistral\", \"architectures\": [\"MistralForCausalLM\"]}"
            + " | 'sliding_window' is missing",
        "{\"model_type\": \"mistral\", \"architectures\": null, \"sliding_window\": 128}"
            + " | windows are not supported",
        "{\"layer_types\": [\"sliding_attention\"]} | must all be full_attention",
        "{\"eos_token_id\": \"x\"} | a whole number or a list of them"
      })
  void whatIsNotSupportedIsRefusedByName(String change, String message) {
    assertThatThrownBy(() -> with(change))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("config.json: ")
        .hasMessageContaining(message);
  }

  @Test
  void absentKeysMeanWhatTheyMeanInTransformers() throws IOException {
    HuggingFaceConfig config =
        with("{\"num_key_value_heads\": null, \"head_dim\": null, \"rms_norm_eps\": null}");
    assertThat(config.model().kvHeads()).isEqualTo(6);
    assertThat(config.model().headDim()).isEqualTo(8);
    assertThat(config.model().normEpsilon()).isEqualTo(1e-6);
    HuggingFaceConfig mistral =
        with(
            "{\"model_type\": \"mistral\", \"architectures\": [\"MistralForCausalLM\"],"
                + " \"sliding_window\": null}");
    assertThat(mistral.model()).isEqualTo(example(new RopeScaling.None()).model());
  }

  @Test
  void yarnMagnitudesGiveTheAttentionFactor() throws IOException {
    HuggingFaceConfig config =
        with(
            "{\"rope_scaling\": null, \"rope_parameters\": {\"rope_type\": \"yarn\","
                + " \"rope_theta\": 500000.0, \"factor\": 40, \"mscale\": 1.0,"
                + " \"mscale_all_dim\": 0.5, \"original_max_position_embeddings\": 64}}");
    double expected = (0.1 * Math.log(40) + 1) / (0.05 * Math.log(40) + 1);
    assertThat(config.model().rope().amplitude()).isEqualTo(expected);
  }
}
