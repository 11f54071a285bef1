package io.kanana.posttrain.lora;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.CompanionFiles;
import io.kanana.core.checkpoint.HuggingFaceConfig;
import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.checkpoint.PeftAdapter;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.checkpoint.SafetensorsWriter;
import io.kanana.core.checkpoint.StageCompute;
import io.kanana.core.checkpoint.StoredType;
import io.kanana.core.checkpoint.TensorContent;
import io.kanana.core.job.JobContext;
import io.kanana.core.job.Stopped;
import io.kanana.core.train.ParentModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A {@link MergedAdapter} on disk: an ordinary Hugging Face directory with the base's tokenizer,
 * and a provenance that names base and adapter and carries their compute on.
 */
public final class AdaptedCheckpoint {
  private static final long LARGEST_SHARD = 5_000_000_000L;

  private final String job;
  private final JobContext context;
  private final ParentModel base;
  private final PeftAdapter adapter;
  private final StoredType type;
  private final Provenance.Parent adapterParent;

  /**
   * @param job the name of the job that writes it
   * @param adapter opened for the base's shape
   * @param type of the merged weights
   */
  public AdaptedCheckpoint(
      String job, JobContext context, ParentModel base, PeftAdapter adapter, StoredType type) {
    this.job = job;
    this.context = context;
    this.base = base;
    this.adapter = adapter;
    this.type = type;
    this.adapterParent =
        new Provenance.Parent(
            adapter.id(), adapter.directory().toAbsolutePath().normalize().toString());
  }

  /** Whether a directory holds this base with this adapter already; checked byte by byte. */
  public boolean isWritten(Path directory) {
    Artefact.recover(directory);
    if (!Artefact.isArtefact(directory)) {
      return false;
    }
    Artefact artefact = Artefact.open(directory);
    boolean same = artefact.manifest().parents().equals(ids());
    if (same) {
      artefact.verify();
    }
    return same;
  }

  private List<String> ids() {
    return List.of(base.id(), adapterParent.artefact());
  }

  /**
   * Writes it.
   *
   * @throws io.kanana.core.error.CheckpointException if the directory cannot be written or holds
   *     something else
   * @throws Stopped if the run is asked to stop; then nothing is left
   */
  public Artefact write(Path directory) {
    try (ArtefactWriter artefact = ArtefactWriter.create(directory, ModelDirectory.KIND, ids())) {
      HuggingFaceConfig old = base.stored().config();
      HuggingFaceConfig config =
          new HuggingFaceConfig(old.model(), type, old.tokens(), old.initialiserRange());
      artefact.write(HuggingFaceConfig.FILE, config.toJson());
      SafetensorsWriter.write(artefact, "model", weights(), LARGEST_SHARD);
      CompanionFiles.copy(base.directory(), old.tokens(), artefact);
      artefact.write("config.yaml", context.configYaml());
      artefact.write(Provenance.FILE, provenance().toJson());
      return artefact.commit();
    }
  }

  private List<TensorContent> weights() {
    return new MergedAdapter(base.stored(), adapter)
        .weights(type).stream().map(this::watched).toList();
  }

  private TensorContent watched(TensorContent weight) {
    return new TensorContent(
        weight.spec(),
        weight.source(),
        () -> {
          if (context.cancellation().requested()) {
            throw new Stopped();
          }
          context.progress().status("merging " + weight.spec().name());
          return weight.data().get();
        });
  }

  private Provenance provenance() {
    SortedMap<String, String> software = new TreeMap<>();
    software.put("java", System.getProperty("java.version"));
    return new Provenance(
        job,
        context.clock().instant(),
        context.configYaml(),
        List.of(base.asParent(), adapterParent),
        List.of(),
        ancestors(),
        software);
  }

  private List<StageCompute> ancestors() {
    return Provenance.ancestry(
        Stream.of(base.directory(), adapter.directory())
            .map(directory -> directory.resolve(Provenance.FILE))
            .filter(Files::exists)
            .map(Provenance::read)
            .toList());
  }
}
