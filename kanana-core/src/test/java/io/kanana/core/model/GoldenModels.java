package io.kanana.core.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.autograd.Parameter;
import io.kanana.core.autograd.Parameter.Part;
import io.kanana.core.golden.Golden;
import io.kanana.core.golden.GoldenTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Golden model directories, read without the checkpoint package. */
public final class GoldenModels {
  private GoldenModels() {}

  /** The shape of a directory in transformers 5's keys. */
  public static ModelConfig config(Path directory) {
    JsonNode c = Golden.json(directory.resolve("config.json"));
    return new ModelConfig(
        c.get("num_hidden_layers").asInt(),
        c.get("hidden_size").asInt(),
        c.get("num_attention_heads").asInt(),
        c.get("num_key_value_heads").asInt(),
        c.get("head_dim").asInt(),
        c.get("intermediate_size").asInt(),
        c.get("vocab_size").asInt(),
        c.get("max_position_embeddings").asInt(),
        c.get("rms_norm_eps").asDouble(),
        rope(c.get("rope_parameters")),
        c.get("tie_word_embeddings").asBoolean());
  }

  private static RopeConfig rope(JsonNode rope) {
    int original = rope.path("original_max_position_embeddings").asInt();
    double factor = rope.path("factor").asDouble();
    RopeScaling scaling =
        switch (rope.get("rope_type").asText()) {
          case "default" -> new RopeScaling.None();
          case "yarn" -> RopeScaling.Yarn.of(factor, original);
          case "llama3" ->
              new RopeScaling.Llama3(
                  factor,
                  rope.get("low_freq_factor").asDouble(),
                  rope.get("high_freq_factor").asDouble(),
                  original);
          default -> throw new IllegalArgumentException(rope.toString());
        };
    return new RopeConfig(rope.get("rope_theta").asDouble(), scaling);
  }

  /** Fills a model with a directory's weights. */
  public static void load(Llama model, Path directory) {
    List<GoldenTensors> files = files(directory).stream().map(GoldenTensors::new).toList();
    for (Parameter parameter : model.parameters()) {
      for (Part part : parameter.parts()) {
        GoldenTensors file =
            files.stream().filter(f -> f.has(part.name())).findFirst().orElseThrow();
        model.backend().write(file.doubles(part.name()), parameter.view(part, parameter.value()));
      }
    }
    model.refreshCopies();
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
