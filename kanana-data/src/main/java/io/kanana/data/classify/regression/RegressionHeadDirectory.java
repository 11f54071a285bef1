package io.kanana.data.classify.regression;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.RecordJson;
import io.kanana.core.checkpoint.SafetensorsFile;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.StoredTensors;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A regression head on disk: a directory with {@code head.json}, which says what it is for, {@code
 * head.safetensors} with {@code layers.0.weight} [out, in], {@code layers.0.bias} [out] and so on
 * in F32, {@code report.json} and {@code config.yaml}, and a manifest, written last. Its parent is
 * the model.
 */
public final class RegressionHeadDirectory {
  /** What the manifest calls it. */
  static final String KIND = "regression-head";

  /** The resolved configuration of the job that trained it. */
  static final String CONFIG = "config.yaml";

  static final String REPORT = "report.json";
  static final String DESCRIPTION = "head.json";
  static final String WEIGHTS = "head.safetensors";

  private static final int FORMAT = 1;
  private static final int LARGEST_DESCRIPTION = 1 << 20;
  private static final int LARGEST_SIZE = 1 << 24;

  /**
   * A head and what it is for.
   *
   * @param model the identity of the model whose embeddings it takes
   * @param maxTokens of a text, as in the training
   * @param scale of its scores
   */
  public record Stored(RegressionHead head, String model, int maxTokens, ScoreScale scale) {
    /**
     * Refuses the embeddings of another model, whose numbers would mean something else.
     *
     * @param directory of the head, for the message
     * @param embeddingModel the identity of the model at hand
     * @throws ConfigException if it is another one
     */
    void check(Path directory, Path modelDirectory, String embeddingModel) {
      if (!model.equals(embeddingModel)) {
        throw new ConfigException(
            "head",
            String.format(
                Locale.ROOT,
                "%s was trained on embeddings of the model %s, but %s is the model %s; name the"
                    + " model that it was trained with, or train a head for this one",
                directory,
                model,
                modelDirectory,
                embeddingModel));
      }
    }
  }

  /** The content of {@code head.json}. */
  private record Description(
      int format, String model, int width, List<Integer> hidden, int maxTokens, ScoreScale scale) {
    static Description of(Stored stored) {
      RegressionHead head = stored.head();
      return new Description(
          FORMAT, stored.model(), head.width(), head.hidden(), stored.maxTokens(), stored.scale());
    }

    /** What is wrong with it, or null. */
    String fault() {
      if (format != FORMAT) {
        return "format is " + format + "; this program reads " + FORMAT;
      }
      for (Integer size : sizes()) {
        if (size == null || size < 1 || size > LARGEST_SIZE) {
          return "a layer has size " + size + "; it must lie in 1 .. " + LARGEST_SIZE;
        }
      }
      return maxTokens >= 1 ? null : "maxTokens is " + maxTokens + "; it must be at least 1";
    }

    /** The lengths of what the layers take, and of the score. */
    List<Integer> sizes() {
      List<Integer> sizes = new ArrayList<>();
      sizes.add(width);
      sizes.addAll(hidden);
      sizes.add(1);
      return sizes;
    }
  }

  private RegressionHeadDirectory() {}

  /**
   * Writes a trained head; it appears whole, over an older one.
   *
   * @param report JSON about its quality
   */
  static Artefact write(Path directory, Stored stored, String configYaml, String report) {
    List<String> parents = List.of(stored.model());
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, KIND, parents)) {
      artefact.write(DESCRIPTION, RecordJson.write(Description.of(stored)));
      artefact.write(
          WEIGHTS,
          out -> SafetensorsWriter.write(contents(stored.head()), SafetensorsWriter.PYTORCH, out));
      artefact.write(CONFIG, configYaml);
      artefact.write(REPORT, report);
      return artefact.commit();
    }
  }

  private static List<TensorContent> contents(RegressionHead head) {
    List<TensorContent> contents = new ArrayList<>();
    for (int i = 0; i < head.layers().size(); i++) {
      RegressionHead.Layer layer = head.layers().get(i);
      contents.add(TensorContent.of(weights(i, layer.outputs(), layer.inputs()), layer::weights));
      contents.add(TensorContent.of(biases(i, layer.outputs()), layer::biases));
    }
    return contents;
  }

  private static TensorSpec weights(int layer, long outputs, long inputs) {
    return TensorSpec.of("layers." + layer + ".weight", StoredType.F32, outputs, inputs);
  }

  private static TensorSpec biases(int layer, long outputs) {
    return TensorSpec.of("layers." + layer + ".bias", StoredType.F32, outputs);
  }

  /**
   * Reads a head, after every file of it was compared with its digest.
   *
   * @throws CheckpointException naming the file, what was found and the rule, if the directory is
   *     no complete head or a file of it is damaged
   */
  public static Stored read(Path directory) {
    Artefact artefact = Artefact.open(directory);
    if (!artefact.manifest().kind().equals(KIND)) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: holds a %s; a %s is needed, which job: train-regression-head makes",
              directory,
              artefact.manifest().kind(),
              KIND));
    }
    artefact.verify();
    Description description = description(artefact.file(DESCRIPTION));
    RegressionHead head = head(artefact.file(WEIGHTS), description.sizes());
    return new Stored(head, description.model(), description.maxTokens(), description.scale());
  }

  private static Description description(Path file) {
    try {
      if (Files.size(file) > LARGEST_DESCRIPTION) {
        throw refused(file, "is larger than " + LARGEST_DESCRIPTION + " bytes", null);
      }
      Description description = RecordJson.read(Files.readAllBytes(file), Description.class);
      String fault = description.fault();
      if (fault != null) {
        throw refused(file, fault, null);
      }
      return description;
    } catch (JsonProcessingException e) {
      throw refused(file, e.getOriginalMessage().lines().findFirst().orElse("malformed"), e);
    } catch (IOException e) {
      throw refused(file, Reason.of(e), e);
    }
  }

  private static CheckpointException refused(Path file, String fault, Exception cause) {
    return new CheckpointException(
        file + ": is no description of a regression head: " + fault, cause);
  }

  private static RegressionHead head(Path file, List<Integer> sizes) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      Set<String> rest = new HashSet<>(tensors.names());
      List<RegressionHead.Layer> layers = new ArrayList<>();
      for (int i = 0; i + 1 < sizes.size(); i++) {
        float[] weights = values(file, tensors, weights(i, sizes.get(i + 1), sizes.get(i)), rest);
        float[] biases = values(file, tensors, biases(i, sizes.get(i + 1)), rest);
        layers.add(new RegressionHead.Layer(weights, biases));
      }
      if (!rest.isEmpty()) {
        throw new CheckpointException(
            file + ": has tensor " + rest.iterator().next() + ", for which there is no layer");
      }
      return new RegressionHead(layers);
    }
  }

  private static float[] values(
      Path file, StoredTensors tensors, TensorSpec expected, Set<String> rest) {
    if (!rest.remove(expected.name())) {
      throw new CheckpointException(
          file + ": has no tensor " + expected.name() + ", which " + DESCRIPTION + " needs");
    }
    TensorSpec found = tensors.spec(expected.name());
    if (!found.equals(expected)) {
      throw new CheckpointException(
          String.format(
              Locale.ROOT,
              "%s: tensor %s is %s %s; by %s it must be %s %s",
              file,
              found.name(),
              found.type(),
              found.shape(),
              DESCRIPTION,
              expected.type(),
              expected.shape()));
    }
    return finite(file, expected.name(), tensors.tensor(expected.name()).floats());
  }

  private static float[] finite(Path file, String name, float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new CheckpointException(
            file + ": tensor " + name + " holds " + value + "; every number must be finite");
      }
    }
    return values;
  }
}
