package io.kanana.data.classify;

/** From the mean of a text's rows to the probabilities of labels. Immutable. */
final class OutputLayer {
  private final RowMatrix weights;
  private final Loss loss;
  private final int labels;
  private final HuffmanTree tree;

  OutputLayer(LinearModel model) {
    this.weights = model.output();
    this.loss = model.loss();
    this.labels = model.vocabulary().labels();
    this.tree =
        loss == Loss.HIERARCHICAL_SOFTMAX
            ? new HuffmanTree(model.vocabulary().labelCounts())
            : null;
  }

  /**
   * Adds all labels that may be among the best.
   *
   * @param scores working memory of a number for each label
   * @param lanes working memory of {@link DenseRows#LANES} numbers
   */
  void predict(float[] hidden, float[] scores, float[] lanes, BestLabels best) {
    switch (loss) {
      case SOFTMAX -> softmax(hidden, scores, lanes, best);
      case ONE_VS_ALL -> oneVsAll(hidden, lanes, best);
      case HIERARCHICAL_SOFTMAX -> descend(tree.root(), 0, hidden, lanes, best);
    }
  }

  private void softmax(float[] hidden, float[] scores, float[] lanes, BestLabels best) {
    softmax(weights, labels, hidden, scores, lanes);
    for (int label = 0; label < labels; label++) {
      best.add(label, scores[label]);
    }
  }

  /** Writes the probabilities of all labels to {@code scores}. */
  static void softmax(
      RowMatrix weights, int labels, float[] hidden, float[] scores, float[] lanes) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int label = 0; label < labels; label++) {
      scores[label] = weights.dot(label, hidden, lanes);
      largest = Math.max(largest, scores[label]);
    }
    float sum = 0;
    for (int label = 0; label < labels; label++) {
      scores[label] = (float) Math.exp(scores[label] - largest);
      sum += scores[label];
    }
    for (int label = 0; label < labels; label++) {
      scores[label] /= sum;
    }
  }

  private void oneVsAll(float[] hidden, float[] lanes, BestLabels best) {
    for (int label = 0; label < labels; label++) {
      best.add(label, Sigmoid.stepped(weights.dot(label, hidden, lanes)));
    }
  }

  /** A tree of such counts is some 70 levels deep at most, so this recursion ends. */
  private void descend(int node, double score, float[] hidden, float[] lanes, BestLabels best) {
    if (best.refuses(score)) {
      return;
    }
    if (tree.isLeaf(node)) {
      best.addScore(node, score);
      return;
    }
    double right = Sigmoid.exact(weights.dot(tree.row(node), hidden, lanes));
    descend(tree.left(node), score + BestLabels.log(1 - right), hidden, lanes, best);
    descend(tree.right(node), score + BestLabels.log(right), hidden, lanes, best);
  }
}
