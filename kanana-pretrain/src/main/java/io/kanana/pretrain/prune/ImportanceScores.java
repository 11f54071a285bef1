package io.kanana.pretrain.prune;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.SafetensorsFile;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.config.Names;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.model.Axis;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The importance of a model's units along several axes: what an estimate leaves, and all that a
 * decision reads. On disk one F64 matrix for each axis, a row for each layer or place. Immutable.
 */
public final class ImportanceScores {
  /** The file's name. */
  public static final String FILE = "importance.safetensors";

  private static final String ACROSS = ".across";

  private final Map<Axis, AxisScores> byAxis = new EnumMap<>(Axis.class);

  /**
   * @throws ConfigException if two score the same axis
   */
  public ImportanceScores(Collection<AxisScores> scores) {
    for (AxisScores each : scores) {
      if (byAxis.put(each.axis(), each) != null) {
        throw new ConfigException(
            "importance", "two estimators score " + Names.of(each.axis()) + "; leave one out");
      }
    }
  }

  /** The axes that are scored. */
  public Set<Axis> axes() {
    return Collections.unmodifiableSet(byAxis.keySet());
  }

  public Optional<AxisScores> find(Axis axis) {
    return Optional.ofNullable(byAxis.get(axis));
  }

  /**
   * The scores of an axis.
   *
   * @throws ConfigException if no estimator was asked for them
   */
  public AxisScores get(Axis axis) {
    return find(axis)
        .orElseThrow(
            () ->
                new ConfigException(
                    "importance",
                    "no estimator scores "
                        + Names.of(axis)
                        + ", of which some are to go; add one"));
  }

  /** Adds the file to an artefact. */
  public void write(ArtefactWriter artefact) {
    List<TensorContent> tensors = new ArrayList<>();
    Map<String, String> metadata = new HashMap<>();
    byAxis.forEach(
        (axis, scores) -> {
          tensors.add(tensor(Names.of(axis), scores.rows()));
          metadata.put(Names.of(axis) + ACROSS, Names.of(scores.across()));
        });
    artefact.write(FILE, out -> SafetensorsWriter.write(tensors, metadata, out));
  }

  private static TensorContent tensor(String name, double[][] rows) {
    TensorSpec spec = TensorSpec.of(name, StoredType.F64, rows.length, rows[0].length);
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return TensorContent.ofDoubles(spec, () -> flat);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws CheckpointException if it is something else
   */
  public static ImportanceScores read(Path file) {
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      return new ImportanceScores(
          stored.names().stream().map(name -> scores(file, stored, name)).toList());
    }
  }

  private static AxisScores scores(Path file, SafetensorsFile stored, String name) {
    TensorSpec spec = stored.spec(name);
    Axis axis = constant(file, Axis.values(), name);
    LayerAggregation across =
        constant(
            file, LayerAggregation.values(), stored.metadata().getOrDefault(name + ACROSS, ""));
    if (spec.shape().size() != 2 || !spec.type().floating() || spec.elements() == 0) {
      throw new CheckpointException(
          file + ": " + name + " is " + spec.type() + spec.shape() + "; a matrix is needed");
    }
    int units = Math.toIntExact(spec.shape().get(1));
    double[] flat = stored.tensor(name).doubles();
    double[][] rows = new double[flat.length / units][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * units, (i + 1) * units);
    }
    return new AxisScores(axis, across, rows);
  }

  private static <E extends Enum<E>> E constant(Path file, E[] all, String name) {
    return Arrays.stream(all)
        .filter(constant -> Names.of(constant).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CheckpointException(
                    file + ": holds \"" + name + "\", which is no importance; estimate it anew"));
  }
}
