package io.kanana.pretrain.reshape;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.CompanionFiles;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.checkpoint.StoredTensors;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.train.ParentModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A checkpoint that is another one after a {@link ReshapePlan}: an ordinary Hugging Face directory
 * with the plan, and a provenance that names the parent and carries its compute on. Weights keep
 * the type that the parent stored them in; tokenizer, chat template and licences are the parent's.
 */
public final class ReshapedCheckpoint {
  private static final long LARGEST_SHARD = 5_000_000_000L;
  private static final String OPTIMIZER = "optimizer";
  private static final String STATE = "state.json";

  /**
   * The run that makes it.
   *
   * @param job its name
   * @param configYaml its resolved configuration
   * @param parents artefacts that it was made from besides the parent model
   * @param stages what it computed
   * @param written now
   */
  public record Origin(
      String job,
      String configYaml,
      List<Path> parents,
      List<StageCompute> stages,
      Instant written) {
    public Origin {
      parents = List.copyOf(parents);
      stages = List.copyOf(stages);
    }
  }

  private final ParentModel parent;
  private final ReshapePlan plan;
  private final Origin origin;

  public ReshapedCheckpoint(ParentModel parent, ReshapePlan plan, Origin origin) {
    this.parent = parent;
    this.plan = plan;
    this.origin = origin;
  }

  /** Whether a directory holds this parent after this plan already; checked byte by byte. */
  public boolean isWritten(Path directory) {
    Artefact.recover(directory);
    if (!Artefact.isArtefact(directory)) {
      return false;
    }
    Artefact artefact = Artefact.open(directory);
    boolean same =
        artefact.manifest().parents().contains(parent.id())
            && artefact.manifest().files().containsKey(ReshapePlanFile.NAME)
            && ReshapePlanFile.read(artefact.file(ReshapePlanFile.NAME), parent.shape())
                .equals(plan);
    if (same) {
      artefact.verify();
    }
    return same;
  }

  /**
   * Writes the model without what an optimizer remembers of its parent.
   *
   * @throws CheckpointException if the directory cannot be written or holds something else
   */
  public Artefact write(Path directory) {
    try (ArtefactWriter artefact = begin(directory)) {
      return artefact.commit();
    }
  }

  /**
   * Writes the model with the parent's optimizer and training state, each moment where its weight
   * went.
   *
   * @throws CheckpointException if the parent has none, or the directory cannot be written
   */
  public Artefact writeWithOptimizer(Path directory) {
    Path state = parent.directory().resolve(STATE);
    if (!Files.exists(state)) {
      throw new CheckpointException(
          parent.directory()
              + ": has no "
              + STATE
              + ", so there is no optimizer to be copied; begin with one without memory");
    }
    try (StoredTensors optimizer = StoredTensors.open(parent.directory(), OPTIMIZER);
        ArtefactWriter artefact = begin(directory)) {
      SafetensorsWriter.write(
          artefact, OPTIMIZER, ReshapedModel.of(parent, plan).moments(optimizer), Long.MAX_VALUE);
      artefact.copy(STATE, state);
      return artefact.commit();
    }
  }

  private ArtefactWriter begin(Path directory) {
    List<Provenance.Parent> parents = parents();
    List<String> ids = parents.stream().map(Provenance.Parent::artefact).distinct().toList();
    ArtefactWriter artefact = ArtefactWriter.create(directory, ModelDirectory.KIND, ids);
    try {
      writeModel(artefact);
      artefact.write(
          ReshapePlanFile.NAME, ReshapePlanFile.text(parent.asParent(), parent.shape(), plan));
      artefact.write("config.yaml", origin.configYaml);
      artefact.write(Provenance.FILE, provenance(parents).toJson());
      return artefact;
    } catch (RuntimeException | Error e) {
      artefact.close();
      throw e;
    }
  }

  private List<Provenance.Parent> parents() {
    List<Provenance.Parent> parents = new ArrayList<>(List.of(parent.asParent()));
    for (Path other : origin.parents) {
      parents.add(new Provenance.Parent(Artefact.open(other).id(), other.toString()));
    }
    return parents;
  }

  private void writeModel(ArtefactWriter artefact) {
    HuggingFaceConfig old = parent.stored().config();
    ReshapedModel model = ReshapedModel.of(parent, plan);
    StoredType type = old.type();
    HuggingFaceConfig config =
        new HuggingFaceConfig(model.shape(), type, old.tokens(), old.initialiserRange());
    artefact.write(HuggingFaceConfig.FILE, config.toJson());
    SafetensorsWriter.write(artefact, "model", model.weights(type), LARGEST_SHARD);
    CompanionFiles.copy(parent.directory(), old.tokens(), artefact);
  }

  private Provenance provenance(List<Provenance.Parent> parents) {
    SortedMap<String, String> software = new TreeMap<>();
    software.put("java", System.getProperty("java.version"));
    return new Provenance(
        origin.job,
        origin.written,
        origin.configYaml,
        parents,
        origin.stages,
        ancestors(),
        software);
  }

  /** Every stage that led to what it is made from, each once. */
  private List<StageCompute> ancestors() {
    List<Provenance> known = new ArrayList<>(parent.provenance().stream().toList());
    for (Path other : origin.parents) {
      Path file = other.resolve(Provenance.FILE);
      if (Files.exists(file)) {
        known.add(Provenance.read(file));
      }
    }
    return Provenance.ancestry(known);
  }
}
