package io.kanana.pretrain.distill;

import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.TensorBackend;
import io.kanana.core.train.TokenBatch;
import io.kanana.core.train.TrainingObjective.Forward;

/** What a teacher left behind. */
record StoredTeacher(TeacherLogits store, LossConfig loss) implements Teacher {
  @Override
  public Answer answer(Forward forward, TokenBatch batch, TokenInput input) {
    TensorBackend backend = forward.model().backend();
    int rows = batch.targets().length;
    int stored = store.header().topK();
    int[] ids = new int[rows * stored];
    float[] logs = new float[rows * stored];
    float[] rest = new float[rows];
    store.read(forward.firstSequence(), batch, ids, logs, rest);
    int count = loss.topK() == 0 ? stored : loss.topK();
    TopTokens top = TopTokens.allocate(forward.tape().scope(), rows, count);
    backend.write(firstOf(ids, stored, count), top.ids());
    backend.write(firstOf(logs, rest, stored, count), top.logProbabilities());
    backend.write(rest, top.logRest());
    return LiveTeacher.answer(top, loss);
  }

  private static int[] firstOf(int[] ids, int stored, int count) {
    int[] first = new int[ids.length / stored * count];
    for (int i = 0; i < first.length; i++) {
      first[i] = ids[i / count * stored + i % count];
    }
    return first;
  }

  /** Those that are left out join the rest. */
  private static float[] firstOf(float[] logs, float[] rest, int stored, int count) {
    float[] first = new float[logs.length / stored * count];
    for (int row = 0; row < rest.length; row++) {
      System.arraycopy(logs, row * stored, first, row * count, count);
      for (int j = count; j < stored; j++) {
        rest[row] = sum(rest[row], logs[row * stored + j]);
      }
    }
    return first;
  }

  /** The logarithm of the sum of two numbers whose logarithms are given. */
  private static float sum(float a, float b) {
    double larger = Math.max(a, b);
    return (float) (larger + Math.log1p(Math.exp(Math.min(a, b) - larger)));
  }

  /** It cost what its own provenance says. */
  @Override
  public double flopsPerToken(int time) {
    return 0;
  }

  @Override
  public void close() {
    // holds nothing that lasts
  }
}
