package io.kanana.posttrain.merge;

import io.kanana.core.random.RandomKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A tensor in memory. */
record MemoryElements(double... values) implements Elements {
  @Override
  public long size() {
    return values.length;
  }

  @Override
  public void read(long from, double[] out) {
    System.arraycopy(values, (int) from, out, 0, out.length);
  }

  /** Normal numbers, each of an F32, so that differences and sums of few are nearly exact. */
  static MemoryElements random(long seed, int size) {
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) RandomKey.of(seed).gaussian(i);
    }
    return new MemoryElements(values);
  }

  static double[] all(Elements elements) {
    double[] all = new double[(int) elements.size()];
    elements.visit((from, values) -> System.arraycopy(values, 0, all, (int) from, values.length));
    return all;
  }

  /** The tensors of models that were not merged with a base. */
  static ParentTensors parents(Elements... models) {
    return new ParentTensors("weight", List.of(models), Optional.empty());
  }

  static ParentTensors withBase(Elements base, Elements... models) {
    return new ParentTensors("weight", Stream.of(models).toList(), Optional.of(base));
  }
}
