package io.kanana.posttrain.online;

import io.kanana.core.model.Llama;
import io.kanana.core.train.HeldOut;
import io.kanana.core.train.TrainingListener;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How fast the answers that are trained on are sampled: at each measurement of the run the event
 * {@code sampling} with their tokens since the one before, and tokens a second of the time that
 * sampling took, prompts read included and scores not. Safe for use by several threads.
 */
final class SamplingRate implements HeldOut {
  private final LongSupplier nanoClock;
  private final LongAdder tokens = new LongAdder();
  private final LongAdder nanos = new LongAdder();

  SamplingRate(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Counts what is sampled and how long that takes. */
  List<Answer> of(Supplier<List<Answer>> sampling) {
    long start = nanoClock.getAsLong();
    List<Answer> answers = sampling.get();
    nanos.add(nanoClock.getAsLong() - start);
    tokens.add(answers.stream().mapToLong(answer -> answer.ids().length).sum());
    return answers;
  }

  @Override
  public void measure(Llama model, long step, TrainingListener listener) {
    double sampled = tokens.sumThenReset();
    double seconds = nanos.sumThenReset() / 1e9;
    if (sampled > 0) {
      SortedMap<String, Double> figures = new TreeMap<>();
      figures.put("tokens", sampled);
      figures.put("tokens-per-second", sampled / seconds);
      listener.measured("sampling", step, figures);
    }
  }
}
