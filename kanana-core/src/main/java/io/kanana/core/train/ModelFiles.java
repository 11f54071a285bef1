package io.kanana.core.train;

import io.kanana.core.checkpoint.ArtefactWriter;
import io.kanana.core.checkpoint.SpecialTokens;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.tensor.TensorBackend;
import java.nio.file.Path;

/** The part of a run's checkpoints that is the model: all of it, or only what is trained. */
public interface ModelFiles {
  /** The same, and the weights of an objective that has some of its own. */
  default ModelFiles with(TrainingObjective objective, TensorBackend backend) {
    return objective.parameters().isEmpty() ? this : new WithObjective(this, objective, backend);
  }

  /** The kind of the artefacts. */
  String kind();

  /**
   * Adds the model to an artefact.
   *
   * @param tokens the ids that begin and end texts
   */
  void write(ArtefactWriter artefact, SpecialTokens tokens);

  /**
   * Gives the model what {@link #write} wrote.
   *
   * @throws CheckpointException if it is not there, or of another model
   */
  void read(Path directory);
}
