package io.kanana.pretrain.prune;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.SafetensorsFile;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.checkpoint.TensorSpec;
import io.kanana.core.checkpoint.WholeFile;
import io.kanana.core.config.Check;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Interim results in a directory: an artefact for each pass, and one file of losses. Both are
 * replaced whole, so a kill at any moment leaves the one before or the one after.
 */
final class InterimFiles implements InterimResults {
  private static final String KIND = "interim";
  private static final String FILE = "memory.safetensors";
  private static final String BATCHES = "batches";
  private static final String LOSSES = "losses.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final long every;
  private ObjectNode losses;

  /**
   * @param every batches after which a pass is saved
   */
  InterimFiles(Path directory, long every) {
    Check.that(every > 0, "save-every", "must be at least 1, got %s", every);
    this.directory = directory;
    this.every = every;
  }

  @Override
  public long restore(String pass, Map<String, double[]> memory) {
    Path saved = directory.resolve(pass);
    Artefact.recover(saved);
    if (!Artefact.isArtefact(saved)) {
      return 0;
    }
    Artefact artefact = Artefact.open(saved);
    artefact.verify();
    try (SafetensorsFile tensors = SafetensorsFile.open(artefact.file(FILE))) {
      memory.forEach((name, into) -> fill(tensors, name, into));
      return (long) tensors.tensor(BATCHES).doubles()[0];
    }
  }

  private static void fill(SafetensorsFile tensors, String name, double[] into) {
    double[] values = tensors.tensor(name).doubles();
    System.arraycopy(values, 0, into, 0, into.length);
  }

  @Override
  public boolean isDue(long batches) {
    return batches % every == 0;
  }

  @Override
  public void save(String pass, long batches, Map<String, double[]> memory) {
    List<TensorContent> tensors = new ArrayList<>();
    memory.forEach((name, values) -> tensors.add(tensor(name, values)));
    tensors.add(tensor(BATCHES, (double) batches));
    try (ArtefactWriter artefact =
        ArtefactWriter.create(directory.resolve(pass), KIND, List.of())) {
      artefact.write(FILE, out -> SafetensorsWriter.write(tensors, Map.of(), out));
      artefact.commit();
    }
  }

  private static TensorContent tensor(String name, double... values) {
    return TensorContent.ofDoubles(
        TensorSpec.of(name, StoredType.F64, values.length), () -> values);
  }

  @Override
  public Optional<Measurement> loss(String change) {
    JsonNode found = losses().get(change);
    return found == null
        ? Optional.empty()
        : Optional.of(
            new Measurement(found.get("loss").asDouble(), found.get("seconds").asDouble()));
  }

  @Override
  public void keepLoss(String change, Measurement loss) {
    losses().putObject(change).put("loss", loss.loss()).put("seconds", loss.seconds());
    Path file = directory.resolve(LOSSES);
    try {
      Files.createDirectories(directory);
      WholeFile.write(file, losses.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be written: " + Reason.of(e), e);
    }
  }

  private ObjectNode losses() {
    if (losses == null) {
      losses = read(directory.resolve(LOSSES));
    }
    return losses;
  }

  private static ObjectNode read(Path file) {
    if (!Files.exists(file)) {
      return JSON.createObjectNode();
    }
    try {
      return JSON.readValue(file.toFile(), ObjectNode.class);
    } catch (IOException e) {
      throw new CheckpointException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** Removes all interim results below a directory. */
  static void remove(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> below = Files.walk(directory)) {
      for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new CheckpointException(directory + ": cannot be removed: " + Reason.of(e), e);
    }
  }
}
