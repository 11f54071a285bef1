package io.kanana.pretrain.prune;

import java.util.Map;
import java.util.Optional;

/** Where an estimate keeps what it has found so far, so that an interrupted run goes on. */
public interface InterimResults {
  /** Keeps nothing: for an estimate that is not going to be interrupted. */
  InterimResults NONE =
      new InterimResults() {
        @Override
        public long restore(String pass, Map<String, double[]> memory) {
          return 0;
        }

        @Override
        public boolean isDue(long batches) {
          return false;
        }

        @Override
        public void save(String pass, long batches, Map<String, double[]> memory) {}

        @Override
        public Optional<Measurement> loss(String change) {
          return Optional.empty();
        }

        @Override
        public void keepLoss(String change, Measurement loss) {}
      };

  /**
   * A loss that was measured.
   *
   * @param seconds that it took
   */
  record Measurement(double loss, double seconds) {}

  /** Fills the arrays of a pass from where it was saved last; the batches that it had seen. */
  long restore(String pass, Map<String, double[]> memory);

  /** Whether a pass that has seen so many batches is to be saved. */
  boolean isDue(long batches);

  /** Saves a pass that has seen so many batches. */
  void save(String pass, long batches, Map<String, double[]> memory);

  /** The loss of a change that was measured before. */
  Optional<Measurement> loss(String change);

  void keepLoss(String change, Measurement loss);
}
