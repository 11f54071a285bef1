package io.kanana.data.classify;

/** The forward and backward pass of an output layer; see {@link Loss}. For one thread. */
final class OutputTraining {
  private static final float SMALLEST = 1e-5f;

  private final DenseRows weights;
  private final Loss loss;
  private final int labels;
  private final HuffmanTree tree;
  private final float[] scores;
  private final float[] lanes = new float[DenseRows.LANES];

  OutputTraining(DenseRows weights, Loss loss, long[] labelCounts) {
    this.weights = weights;
    this.loss = loss;
    this.labels = labelCounts.length;
    this.tree = loss == Loss.HIERARCHICAL_SOFTMAX ? new HuffmanTree(labelCounts) : null;
    this.scores = new float[labels];
  }

  /**
   * Updates the weights.
   *
   * @param hidden the mean of a text's rows
   * @param gradient receives {@code rate} times the falling gradient by {@code hidden}; zeros
   *     before
   * @param targets the text's labels
   * @param chosen the one of them that a softmax learns now
   * @return the loss before the update
   */
  float step(float[] hidden, float[] gradient, int[] targets, int chosen, float rate) {
    return switch (loss) {
      case SOFTMAX -> softmax(hidden, gradient, targets[chosen], rate);
      case HIERARCHICAL_SOFTMAX -> path(hidden, gradient, targets[chosen], rate);
      case ONE_VS_ALL -> each(hidden, gradient, targets, rate);
    };
  }

  private float softmax(float[] hidden, float[] gradient, int target, float rate) {
    OutputLayer.softmax(weights, labels, hidden, scores, lanes);
    for (int label = 0; label < labels; label++) {
      float error = (label == target ? 1 : 0) - scores[label];
      update(label, rate * error, hidden, gradient);
    }
    return loss(scores[target]);
  }

  private float path(float[] hidden, float[] gradient, int target, float rate) {
    float sum = 0;
    for (int node = target; node != tree.root(); node = tree.parent(node)) {
      int parent = tree.parent(node);
      boolean right = tree.right(parent) == node;
      sum += binary(tree.row(parent), right, hidden, gradient, rate);
    }
    return sum;
  }

  private float each(float[] hidden, float[] gradient, int[] targets, float rate) {
    float sum = 0;
    for (int label = 0; label < labels; label++) {
      sum += binary(label, contains(targets, label), hidden, gradient, rate);
    }
    return sum;
  }

  private static boolean contains(int[] targets, int label) {
    for (int target : targets) {
      if (target == label) {
        return true;
      }
    }
    return false;
  }

  private float binary(int row, boolean wanted, float[] hidden, float[] gradient, float rate) {
    float score = Sigmoid.stepped(weights.dot(row, hidden, lanes));
    update(row, rate * ((wanted ? 1 : 0) - score), hidden, gradient);
    return loss(wanted ? score : 1 - score);
  }

  private void update(int row, float factor, float[] hidden, float[] gradient) {
    weights.addRow(row, factor, gradient);
    weights.addToRow(hidden, factor, row);
  }

  private static float loss(float probability) {
    return (float) -Math.log(probability + SMALLEST);
  }
}
