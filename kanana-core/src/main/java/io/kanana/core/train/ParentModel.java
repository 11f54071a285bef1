package io.kanana.core.train;

import io.kanana.core.checkpoint.Artefact;
import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.checkpoint.ModelWeights;
import io.kanana.core.checkpoint.Provenance;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.model.Llama;
import io.kanana.core.model.ModelConfig;
import io.kanana.core.model.ModelHead;
import io.kanana.core.model.Precision;
import io.kanana.core.tensor.TensorBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The checkpoint that another one is made from, ours or others'. Nothing of it is read but headers
 * until it is needed. Not safe for use by several threads.
 */
public final class ParentModel implements AutoCloseable {
  private final HuggingFaceModel stored;
  private String id;

  private ParentModel(HuggingFaceModel stored) {
    this.stored = stored;
  }

  /**
   * Opens a Hugging Face directory. One of ours is checked byte by byte against its manifest.
   *
   * @throws CheckpointException if it is none, or not what its files claim
   */
  public static ParentModel open(Path directory) {
    return open(directory, ModelHead.TOKENS);
  }

  /**
   * The same with any head.
   *
   * @throws CheckpointException if it has another one
   */
  public static ParentModel open(Path directory, ModelHead head) {
    Path absolute = directory.toAbsolutePath().normalize();
    if (Artefact.isArtefact(absolute)) {
      Artefact.open(absolute).verify();
    }
    return new ParentModel(HuggingFaceModel.open(absolute, head));
  }

  public Path directory() {
    return stored.directory();
  }

  public ModelConfig shape() {
    return stored.config().model();
  }

  /** Configuration and weights as they are stored. */
  public HuggingFaceModel stored() {
    return stored;
  }

  /** What children call it; of a model that others wrote, all weights are read for it. */
  public String id() {
    if (id == null) {
      id = stored.id();
    }
    return id;
  }

  /** As a child's provenance names it. */
  public Provenance.Parent asParent() {
    return new Provenance.Parent(id(), directory().toString());
  }

  /** Where it comes from and what it cost; empty for a model that others made. */
  public Optional<Provenance> provenance() {
    Path file = directory().resolve(Provenance.FILE);
    return Files.exists(file) ? Optional.of(Provenance.read(file)) : Optional.empty();
  }

  /** As the checkpoints of a training that it begins, or that learns from it, name it. */
  public RunCheckpoints.Ancestor asAncestor() {
    return new RunCheckpoints.Ancestor(asParent(), provenance());
  }

  /** The model as it is, to be evaluated; the caller closes it. */
  public Llama load(TensorBackend backend, Precision precision) {
    return ModelWeights.load(stored, precision, backend);
  }

  @Override
  public void close() {
    stored.close();
  }
}
