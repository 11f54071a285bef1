package io.kanana.pretrain.prune;

import io.kanana.core.job.Cancellation;
import io.kanana.core.job.Progress;
import io.kanana.core.model.Precision;
import io.kanana.core.random.RandomKey;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.ParentModel;
import io.kanana.pretrain.reshape.SmallModels;
import java.util.Optional;
import java.util.function.Function;

/** Calibrations as tests need them. */
public final class SmallCalibration {
  private static final int WINDOWS = 7;
  private static final int TIME = 11;

  private SmallCalibration() {}

  /** One of any text, which nobody watches or interrupts, and in which no time passes. */
  static Calibration undisturbed(
      ParentModel parent, TensorBackend backend, Calibration.Windows windows) {
    return new Calibration(
        parent,
        new Calibration.Machine(backend, Precision.F32, () -> 0),
        Optional.of(windows),
        RandomKey.of(1),
        Calibration.Run.undisturbed());
  }

  /** Random ids: the text of {@link #with}. */
  public static BatchSource text() {
    return new RowsOfIds(SmallModels.rows(WINDOWS, TIME));
  }

  /** What a calibration of all the text gives. */
  public static <T> T with(
      ParentModel parent, TensorBackend backend, int microBatch, Function<Calibration, T> use) {
    return with(parent, backend, microBatch, InterimResults.NONE, new Cancellation(), use);
  }

  /** The same in a run that may be interrupted. */
  static <T> T with(
      ParentModel parent,
      TensorBackend backend,
      int microBatch,
      InterimResults interim,
      Cancellation cancellation,
      Function<Calibration, T> use) {
    Calibration.Machine machine = new Calibration.Machine(backend, Precision.F32, () -> 0);
    Calibration.Windows windows = new Calibration.Windows(text(), WINDOWS, microBatch);
    Calibration.Run run = new Calibration.Run(interim, Progress.SILENT, cancellation);
    try (Calibration calibration =
        new Calibration(parent, machine, Optional.of(windows), RandomKey.of(3), run)) {
      return use.apply(calibration);
    }
  }
}
