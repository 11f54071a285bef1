package io.kanana.data.classify;

/** The logistic function, exact and as fastText's table has it. */
final class Sigmoid {
  private static final int SIZE = 512;
  private static final float BOUND = 8;
  private static final float[] TABLE = table();

  private Sigmoid() {}

  private static float[] table() {
    float[] table = new float[SIZE + 1];
    for (int i = 0; i <= SIZE; i++) {
      float x = i * 2 * BOUND / SIZE - BOUND;
      table[i] = (float) exact(x);
    }
    return table;
  }

  static double exact(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** The nearest of 512 steps below; 0 and 1 outside of -8 .. 8. */
  static float stepped(float x) {
    if (x < -BOUND) {
      return 0;
    }
    if (x > BOUND) {
      return 1;
    }
    return TABLE[(int) ((x + BOUND) * SIZE / BOUND / 2)];
  }
}
