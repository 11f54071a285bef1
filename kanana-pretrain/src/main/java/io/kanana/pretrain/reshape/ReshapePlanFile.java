package io.kanana.pretrain.reshape;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.config.Binder;
import io.kanana.core.config.Check;
import io.kanana.core.config.OpenParts;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.error.Problem;
import io.kanana.core.error.Reason;
import io.kanana.core.model.ModelConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A {@link ReshapePlan} as {@code plan.yaml}, to be read, edited and used again. Units are the old
 * model's numbers; layers that make the same choice share an entry:
 *
 * <pre>{@code
 * version: 1
 * parent: {artefact: 0f3c..., path: runs/large/model}
 * parent-shape: {layers: 4, hidden-size: 64, heads: 8, ...}
 * layers: 0-1, 3
 * channels: 0-3, 7-50
 * heads:
 *   - {layers: 0-2, kept: "0, 2, 4-5"}
 * }</pre>
 *
 * @param version of this layout
 * @param parent what it was made for
 * @param parentShape the only shape that it fits
 * @param layers old layers in the order of the new model's
 * @param silent positions, in the new model, of layers that write zeros at first
 * @param channels that are kept
 * @param heads query heads that are kept
 * @param kvHeads key and value heads that are kept
 * @param neurons that are kept
 * @param residuals heads that are added to others before they go
 * @param tiedEmbeddings of the new model
 * @param mixedGroups whether query heads may read keys that they were not trained with; absent for
 *     no
 */
public record ReshapePlanFile(
    int version,
    Parent parent,
    Shape parentShape,
    String layers,
    String silent,
    String channels,
    List<Kept> heads,
    List<Kept> kvHeads,
    List<Kept> neurons,
    List<Residuals> residuals,
    boolean tiedEmbeddings,
    Optional<Boolean> mixedGroups) {
  /** The file's name. */
  public static final String NAME = "plan.yaml";

  private static final int VERSION = 1;
  private static final int LARGEST = 64 << 20;

  /**
   * The checkpoint that a plan was made for, for people: another of its shape may take its place.
   */
  public record Parent(String artefact, String path) {}

  /** What of a shape a plan depends on. */
  public record Shape(
      int layers,
      int hiddenSize,
      int heads,
      int kvHeads,
      int headDim,
      int ffnSize,
      int vocabularySize,
      boolean tiedEmbeddings) {
    static Shape of(ModelConfig model) {
      return new Shape(
          model.layers(),
          model.hiddenSize(),
          model.heads(),
          model.kvHeads(),
          model.headDim(),
          model.ffnSize(),
          model.vocabularySize(),
          model.tiedEmbeddings());
    }
  }

  /**
   * What some layers keep.
   *
   * @param layers positions in the new model
   * @param kept the old layers' units
   */
  public record Kept(String layers, String kept) {}

  /**
   * What is added to heads of some layers.
   *
   * @param layers positions in the new model
   * @param pairs {@code 1>0}: head 1, which goes, is taken up by head 0, which stays
   */
  public record Residuals(String layers, String pairs) {}

  public ReshapePlanFile {
    Check.that(version == VERSION, "version", "must be %s, got %s", VERSION, version);
  }

  /**
   * Writes a plan for a model of a shape.
   *
   * @throws CheckpointException if the file cannot be written
   */
  public static void write(
      Path file, Provenance.Parent parent, ModelConfig shape, ReshapePlan plan) {
    try {
      WholeFile.write(file, text(parent, shape, plan));
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  /** The content of the file. */
  public static String text(Provenance.Parent parent, ModelConfig shape, ReshapePlan plan) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode().put("version", VERSION);
    tree.putObject("parent").put("artefact", parent.artefact()).put("path", parent.path());
    put(tree.putObject("parent-shape"), Shape.of(shape));
    tree.put("layers", plan.sources().toString())
        .put("silent", plan.silent().toString())
        .put("channels", plan.channels().toString());
    put(tree.putArray("heads"), plan, LayerOrigin::heads);
    put(tree.putArray("kv-heads"), plan, LayerOrigin::kvHeads);
    put(tree.putArray("neurons"), plan, LayerOrigin::neurons);
    putResiduals(tree.putArray("residuals"), plan);
    tree.put("tied-embeddings", plan.tiedEmbeddings());
    if (plan.mixedGroups()) {
      tree.put("mixed-groups", true);
    }
    return Yaml.write(tree);
  }

  private static void put(ObjectNode tree, Shape shape) {
    tree.put("layers", shape.layers)
        .put("hidden-size", shape.hiddenSize)
        .put("heads", shape.heads)
        .put("kv-heads", shape.kvHeads)
        .put("head-dim", shape.headDim)
        .put("ffn-size", shape.ffnSize)
        .put("vocabulary-size", shape.vocabularySize)
        .put("tied-embeddings", shape.tiedEmbeddings);
  }

  private static void put(ArrayNode list, ReshapePlan plan, Function<LayerOrigin, Indices> units) {
    layersBy(plan, units)
        .forEach(
            (kept, layers) ->
                list.addObject()
                    .put("layers", Indices.of(layers).toString())
                    .put("kept", kept.toString()));
  }

  private static void putResiduals(ArrayNode list, ReshapePlan plan) {
    layersBy(plan, LayerOrigin::residuals)
        .forEach(
            (residuals, layers) -> {
              if (!residuals.isEmpty()) {
                list.addObject()
                    .put("layers", Indices.of(layers).toString())
                    .put("pairs", text(residuals));
              }
            });
  }

  private static String text(List<HeadResidual> residuals) {
    return residuals.stream()
        .map(residual -> residual.pruned() + ">" + residual.kept())
        .collect(Collectors.joining(", "));
  }

  /** Positions of layers by what they have in common. */
  private static <T> Map<T, List<Integer>> layersBy(
      ReshapePlan plan, Function<LayerOrigin, T> common) {
    Map<T, List<Integer>> layers = new LinkedHashMap<>();
    for (int i = 0; i < plan.layers().size(); i++) {
      layers.computeIfAbsent(common.apply(plan.layers().get(i)), k -> new ArrayList<>()).add(i);
    }
    return layers;
  }

  /**
   * Reads a plan for a model of a shape. Whether it can be applied, {@link ReshapePlan#target}
   * says.
   *
   * @throws ConfigException naming everything that is wrong with the file, or that it is for
   *     another shape
   */
  public static ReshapePlan read(Path file, ModelConfig shape) {
    return parse(content(file), file.toString(), shape);
  }

  /**
   * Reads a plan to look at it, whatever it is for.
   *
   * @throws ConfigException naming everything that is wrong with the file
   */
  public static ReshapePlan look(Path file) {
    return parse(content(file), file.toString(), Optional.empty());
  }

  private static String content(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new DataException(file + ": is larger than 64 MiB, which no plan is");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new ConfigException(file.toString(), "there is no such file; check the path");
    } catch (IOException e) {
      throw new ConfigException(file.toString(), "cannot be read: " + Reason.of(e));
    }
  }

  /**
   * The same for a text.
   *
   * @param source names the text in messages
   */
  public static ReshapePlan parse(String text, String source, ModelConfig shape) {
    return parse(text, source, Optional.of(shape));
  }

  private static ReshapePlan parse(String text, String source, Optional<ModelConfig> shape) {
    try {
      ReshapePlanFile plan =
          new Binder(OpenParts.NONE).bind(ReshapePlanFile.class, Yaml.read(text)).config();
      shape.ifPresent(plan::checkShape);
      ReshapePlan read = new ReshapePlanReader(plan).plan();
      shape.ifPresent(read::target);
      return read;
    } catch (ConfigException e) {
      throw new ConfigException(e.problems().stream().map(problem -> in(source, problem)).toList());
    }
  }

  private static Problem in(String source, Problem problem) {
    return new Problem(source, problem.toString());
  }

  private void checkShape(ModelConfig model) {
    ObjectNode planned = JsonNodeFactory.instance.objectNode();
    ObjectNode found = JsonNodeFactory.instance.objectNode();
    put(planned, parentShape);
    put(found, Shape.of(model));
    List<Problem> problems = new ArrayList<>();
    planned
        .properties()
        .forEach(
            size -> {
              JsonNode actual = found.get(size.getKey());
              if (!actual.equals(size.getValue())) {
                problems.add(
                    new Problem(
                        "parent-shape." + size.getKey(),
                        "is "
                            + size.getValue()
                            + ", but the model has "
                            + actual
                            + "; make a plan for this model"));
              }
            });
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }
}
