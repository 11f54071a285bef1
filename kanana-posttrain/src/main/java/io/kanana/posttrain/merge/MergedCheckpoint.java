package io.kanana.posttrain.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.CompanionFiles;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.Stopped;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A merge on disk: an ordinary Hugging Face directory with {@code merge.yaml}, the plan with the
 * identities of all parents, and a provenance that carries their compute on. Configuration,
 * tokenizer, chat template and licences are the first model's.
 */
final class MergedCheckpoint {
  static final String PLAN = "merge.yaml";

  private static final long LARGEST_SHARD = 5_000_000_000L;

  private final MergeConfig config;
  private final MergeParents parents;
  private final JobContext context;

  MergedCheckpoint(MergeConfig config, MergeParents parents, JobContext context) {
    this.config = config;
    this.parents = parents;
    this.context = context;
  }

  /** Whether a directory holds a merge of these very parents; checked byte by byte. */
  boolean isWritten(Path directory) {
    Artefact.recover(directory);
    if (!Artefact.isArtefact(directory)) {
      return false;
    }
    Artefact artefact = Artefact.open(directory);
    boolean same =
        artefact.manifest().parents().equals(ids())
            && artefact.manifest().files().containsKey(PLAN);
    if (same) {
      artefact.verify();
    }
    return same;
  }

  private List<String> ids() {
    return parents.asParents().stream().map(Provenance.Parent::artefact).distinct().toList();
  }

  /**
   * Writes it, over a merge of other parents if there is one.
   *
   * @throws CheckpointException if a parent has what cannot be merged, or the directory cannot be
   *     written or holds something else
   * @throws io.kanana.core.error.NumericalException if a merged weight does not fit its type
   * @throws Stopped if the run is asked to stop; then nothing is left
   */
  Artefact write(Path directory) {
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, ModelDirectory.KIND, ids())) {
      writeModel(artefact);
      artefact.write(PLAN, Yaml.write(plan()));
      artefact.write("config.yaml", context.configYaml());
      artefact.write(Provenance.FILE, provenance().toJson());
      return artefact.commit();
    }
  }

  private void writeModel(ArtefactWriter artefact) {
    HuggingFaceConfig first = parents.first().config();
    StoredType type = config.type(first);
    HuggingFaceConfig merged =
        new HuggingFaceConfig(first.model(), type, first.tokens(), first.initialiserRange());
    artefact.write(HuggingFaceConfig.FILE, merged.toJson());
    CompanionFiles.copy(parents.first().directory(), first.tokens(), artefact);
    MergeMethod method = config.method().create(config.plan());
    try (MergedWeights weights =
        new MergedWeights(parents.models(), parents.base(), method, type, this::begin)) {
      SafetensorsWriter.write(artefact, "model", weights.contents(), LARGEST_SHARD);
    }
  }

  private void begin(String tensor) {
    if (context.cancellation().requested()) {
      throw new Stopped();
    }
    context.progress().status("merging " + tensor);
  }

  /** The plan's part of the configuration, with who each parent was. */
  private ObjectNode plan() {
    ObjectNode plan = Yaml.read(context.configYaml());
    plan.retain(MergeJob.PLAN_KEYS);
    for (JsonNode model : plan.withArray("models")) {
      Path path = Path.of(model.path("path").asText());
      ((ObjectNode) model).put("artefact", parents.id(path));
    }
    config.base().ifPresent(path -> plan.put("base-artefact", parents.id(path)));
    return plan;
  }

  private Provenance provenance() {
    SortedMap<String, String> software = new TreeMap<>();
    software.put("java", System.getProperty("java.version"));
    return new Provenance(
        MergeJob.NAME,
        context.clock().instant(),
        context.configYaml(),
        parents.asParents(),
        List.of(),
        parents.ancestors(),
        software);
  }
}
