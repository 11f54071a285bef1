package io.kanana.benchmarks;

import io.kanana.core.config.Binder;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import io.kanana.core.extension.Extensions;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.RopeConfig;
import io.kanana.core.model.RopeScaling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A shape at which training and generation are timed.
 *
 * @param name as it was asked for
 * @param batch rows of a step, each as long as the model's context
 */
record BenchmarkShape(String name, ModelConfig model, int batch) {
  static final List<String> NAMES = List.of("13m", "50m", "135m", "2b-2l");

  private static final double NORM_EPSILON = 1e-5;
  private static final RopeConfig ROPE = new RopeConfig(500_000, new RopeScaling.None());

  BenchmarkShape {
    if (batch < 1) {
      throw new ConfigException("--batch", "must be at least 1, got " + batch);
    }
  }

  /**
   * One of {@link #NAMES}, or the model configuration in a YAML file with one row a step.
   *
   * @throws ConfigException if it is neither, or the file is no model configuration
   */
  static BenchmarkShape of(String name) {
    if (NAMES.contains(name)) {
      return named(name);
    }
    Path file = Path.of(name);
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(
          "--shape",
          String.format(
              Locale.ROOT,
              "no shape '%s', and no such file; there are %s, or a YAML file such as configs/models/13m.yaml",
              name,
              String.join(", ", NAMES)));
    }
    Binder binder = new Binder(Extensions.load(BenchmarkShape.class.getClassLoader()));
    return new BenchmarkShape(name, binder.bind(ModelConfig.class, Yaml.read(file)).config(), 1);
  }

  private static BenchmarkShape named(String name) {
    return switch (name) {
      case "13m" -> of(name, 6, 384, 6, 6, 64, 1_024, 4_096, false, 8, 256);
      case "50m" -> of(name, 8, 640, 10, 5, 64, 1_728, 32_000, true, 4, 512);
      case "135m" -> of(name, 30, 576, 9, 3, 64, 1_536, 49_152, true, 1, 1_024);
      case "2b-2l" -> of(name, 2, 1_792, 24, 8, 128, 8_064, 32_000, true, 1, 512);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static BenchmarkShape of(
      String name,
      int layers,
      int hidden,
      int heads,
      int kvHeads,
      int headDim,
      int ffn,
      int vocabulary,
      boolean tied,
      int batch,
      int context) {
    ModelConfig model =
        new ModelConfig(
            layers,
            hidden,
            heads,
            kvHeads,
            headDim,
            ffn,
            vocabulary,
            context,
            NORM_EPSILON,
            ROPE,
            tied);
    return new BenchmarkShape(name, model, batch);
  }

  /** The same with another number of rows. */
  BenchmarkShape withBatch(int rows) {
    return new BenchmarkShape(name, model, rows);
  }

  /** The same with another length of rows, whatever the model's context was. */
  BenchmarkShape withContext(int context) {
    ModelConfig resized =
        new ModelConfig(
            model.layers(),
            model.hiddenSize(),
            model.heads(),
            model.kvHeads(),
            model.headDim(),
            model.ffnSize(),
            model.vocabularySize(),
            context,
            model.normEpsilon(),
            model.rope(),
            model.tiedEmbeddings());
    return new BenchmarkShape(name, resized, batch);
  }

  int context() {
    return model.contextLength();
  }

  /** Positions of a step. */
  long tokens() {
    return (long) batch * context();
  }

  /** Floating-point operations of a training step: see {@link ModelConfig}. */
  double flopsPerStep() {
    return tokens() * model.trainingFlopsPerToken(context());
  }

  /** One line for people. */
  String description() {
    return String.format(
        Locale.ROOT,
        "%s: %d layers, hidden %,d, %d/%d heads x %d, ffn %,d, vocabulary %,d%s; batch %d x %,d; %.1f M parameters",
        name,
        model.layers(),
        model.hiddenSize(),
        model.heads(),
        model.kvHeads(),
        model.headDim(),
        model.ffnSize(),
        model.vocabularySize(),
        model.tiedEmbeddings() ? " tied" : "",
        batch,
        context(),
        model.parameterCount() / 1e6);
  }
}
