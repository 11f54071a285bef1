package io.kanana.cli;

import io.kanana.core.random.RandomKey;
import io.kanana.posttrain.merge.Elements;
import io.kanana.posttrain.merge.MergeMethod;
import io.kanana.posttrain.merge.MergeParent;
import io.kanana.posttrain.merge.MergePlan;
import io.kanana.posttrain.merge.ParentTensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A guide's method of merging, on three entries of four models. */
record OwnMergeRun(MergeMethod.Config config) {
  private static final double[][] MODELS = {{1, 5, -9}, {3, 5, -2}, {-7, 5, -1}, {100, 5, 8}};

  /** A tensor in memory. */
  private record Values(double... values) implements Elements {
    @Override
    public long size() {
      return values.length;
    }

    @Override
    public void read(long from, double[] out) {
      System.arraycopy(values, (int) from, out, 0, out.length);
    }
  }

  double[] merged() {
    MergeParent parent =
        new MergeParent(Path.of("model"), OptionalDouble.empty(), OptionalDouble.empty());
    MergePlan plan =
        new MergePlan(
            Collections.nCopies(MODELS.length, parent), Optional.empty(), RandomKey.of(1));
    List<Elements> models = Arrays.stream(MODELS).map(m -> (Elements) new Values(m)).toList();
    double[] out = new double[MODELS[0].length];
    config.create(plan).merge(new ParentTensors("weight", models, Optional.empty())).read(0, out);
    return out;
  }
}
