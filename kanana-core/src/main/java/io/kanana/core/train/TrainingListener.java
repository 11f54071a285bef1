package io.kanana.core.train;

import java.nio.file.Path;
import java.util.SortedMap;

/** Is told what happens in a run, on the training thread, and cannot change it. */
public interface TrainingListener {
  /** A step was made. */
  default void stepped(StepReport report) {}

  /** Held-out data were measured. */
  default void evaluated(HeldOutReport report) {}

  /** A checkpoint is complete. */
  default void saved(long step, Path checkpoint) {}

  /**
   * Something was measured: held-out data other than text, or a checkpoint by a {@link
   * CheckpointProbe}.
   *
   * @param event what, in kebab-case: {@code held-out}, {@code benchmarks}
   * @param figures by name
   */
  default void measured(String event, long step, SortedMap<String, Double> figures) {}
}
