package io.kanana.posttrain.merge;

/** What a model learned since it was its base, its task vector: model - base. */
record Difference(Elements model, Elements base) implements Elements {
  @Override
  public long size() {
    return model.size();
  }

  @Override
  public void read(long from, double[] out) {
    model.read(from, out);
    double[] before = new double[out.length];
    base.read(from, before);
    for (int i = 0; i < out.length; i++) {
      out[i] -= before[i];
    }
  }
}
