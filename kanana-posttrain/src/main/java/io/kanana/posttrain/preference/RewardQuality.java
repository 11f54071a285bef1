package io.kanana.posttrain.preference;

import static io.kanana.posttrain.preference.Logistic.logSigmoid;
import static io.kanana.posttrain.preference.Logistic.sigmoid;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How well numbers tell the better of two answers.
 *
 * <p>The two rewards of a pair say which answer is the better one and how sure that is: the
 * probability s(|w - l|) of at least one half. That is put into bins of equal width and compared
 * with how often it is right; since which answer stands first says nothing, this is the reliability
 * of s(w - l) with both orders of each pair counted.
 *
 * @param pairs how many
 * @param accuracy the share whose chosen answer has the higher reward, strictly
 * @param loss the mean of -log s(w - l)
 * @param margin the mean of w - l
 * @param chosen the mean of w
 * @param rejected the mean of l
 * @param calibrationError the mean over pairs of |right - sure| of their bin (expected calibration
 *     error; Guo et al., arXiv 1706.04599, equation 3)
 * @param bins from one half to one
 */
record RewardQuality(
    int pairs,
    double accuracy,
    double loss,
    double margin,
    double chosen,
    double rejected,
    double calibrationError,
    List<Bin> bins) {
  private static final int BINS = 10;

  /**
   * Pairs that are told apart about equally surely.
   *
   * @param from the least probability
   * @param to the largest; the next bin's least
   * @param sure the mean probability; 0 where there are no pairs
   * @param right the share whose chosen answer has the higher reward; 0 where there are no pairs
   */
  record Bin(double from, double to, int pairs, double sure, double right) {}

  RewardQuality {
    bins = List.copyOf(bins);
  }

  /**
   * @param chosen rewards of the chosen answers, at least one
   * @param rejected those of the rejected ones
   */
  static RewardQuality of(double[] chosen, double[] rejected) {
    int pairs = chosen.length;
    double right = 0;
    double loss = 0;
    for (int i = 0; i < pairs; i++) {
      right += right(chosen[i], rejected[i]);
      loss -= logSigmoid(chosen[i] - rejected[i]);
    }
    double high = Arrays.stream(chosen).sum() / pairs;
    double low = Arrays.stream(rejected).sum() / pairs;
    List<Bin> bins = bins(chosen, rejected);
    double error =
        bins.stream().mapToDouble(bin -> bin.pairs * Math.abs(bin.right - bin.sure)).sum() / pairs;
    return new RewardQuality(
        pairs, right / pairs, loss / pairs, high - low, high, low, error, bins);
  }

  /** Equal rewards are right half of the time, as a choice by chance would be. */
  private static double right(double chosen, double rejected) {
    return (1 + Math.signum(chosen - rejected)) / 2;
  }

  private static List<Bin> bins(double[] chosen, double[] rejected) {
    int[] pairs = new int[BINS];
    double[] right = new double[BINS];
    double[] sure = new double[BINS];
    for (int i = 0; i < chosen.length; i++) {
      double probability = sigmoid(Math.abs(chosen[i] - rejected[i]));
      int bin = Math.min(BINS - 1, (int) ((probability - 0.5) * 2 * BINS));
      pairs[bin]++;
      right[bin] += right(chosen[i], rejected[i]);
      sure[bin] += probability;
    }
    List<Bin> bins = new ArrayList<>();
    for (int i = 0; i < BINS; i++) {
      int own = Math.max(1, pairs[i]);
      bins.add(new Bin(edge(i), edge(i + 1), pairs[i], sure[i] / own, right[i] / own));
    }
    return bins;
  }

  private static double edge(int bin) {
    return 0.5 + bin / (2.0 * BINS);
  }

  /** For metrics. */
  SortedMap<String, Double> figures() {
    SortedMap<String, Double> figures = new TreeMap<>();
    figures.put("accuracy", accuracy);
    figures.put("calibration-error", calibrationError);
    figures.put("chosen-reward", chosen);
    figures.put("loss", loss);
    figures.put("margin", margin);
    figures.put("rejected-reward", rejected);
    return figures;
  }

  /** For a report. */
  void write(ObjectNode into) {
    into.put("pairs", pairs)
        .put("accuracy", accuracy)
        .put("loss", loss)
        .put("margin", margin)
        .put("chosenReward", chosen)
        .put("rejectedReward", rejected)
        .put("calibrationError", calibrationError);
    ArrayNode table = into.putArray("reliability");
    for (Bin bin : bins) {
      table
          .addObject()
          .put("from", bin.from)
          .put("to", bin.to)
          .put("pairs", bin.pairs)
          .put("sure", bin.sure)
          .put("right", bin.right);
    }
  }

  /** One line for people. */
  String describe() {
    return String.format(
        Locale.ROOT,
        "%.2f %% of %,d held-out pairs right, loss %.4f, margin %.3f, calibration error %.4f",
        100 * accuracy,
        pairs,
        loss,
        margin,
        calibrationError);
  }

  /** The bins that have pairs, for people. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add("      sure of    pairs   sure  right");
    for (Bin bin : bins) {
      if (bin.pairs > 0) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%5.2f .. %4.2f %8d  %.3f  %.3f",
                bin.from,
                bin.to,
                bin.pairs,
                bin.sure,
                bin.right));
      }
    }
    return lines;
  }
}
