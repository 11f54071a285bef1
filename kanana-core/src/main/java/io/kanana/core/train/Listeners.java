package io.kanana.core.train;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** Tells several listeners, in their order. */
record Listeners(List<TrainingListener> all) implements TrainingListener {
  Listeners {
    all = List.copyOf(all);
  }

  @Override
  public void stepped(StepReport report) {
    all.forEach(one -> one.stepped(report));
  }

  @Override
  public void evaluated(HeldOutReport report) {
    all.forEach(one -> one.evaluated(report));
  }

  @Override
  public void saved(long step, Path checkpoint) {
    all.forEach(one -> one.saved(step, checkpoint));
  }

  @Override
  public void measured(String event, long step, SortedMap<String, Double> figures) {
    all.forEach(one -> one.measured(event, step, figures));
  }
}
