package io.kanana.data.dedup;

import io.kanana.core.random.RandomKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How often pairs of documents are found to be near duplicates, by their true Jaccard similarity:
 * measured on made pairs whose similarity is known exactly, beside what theory says. Immutable.
 *
 * @param levels in ascending similarity
 */
public record MatchQuality(List<Level> levels) {
  private static final int LEVELS = 20;
  private static final int LETTERS = 26;
  private static final int WORD_LENGTH = 7;

  /**
   * Pairs of one similarity.
   *
   * @param jaccard true similarity of their sets of shingles
   * @param pairs how many were made
   * @param matched how many were found
   * @param expected the probability that one is found: {@code 1 - (1 - jaccard^rows)^bands}
   */
  public record Level(double jaccard, int pairs, int matched, double expected) {
    /** The share that was found. */
    public double share() {
      return (double) matched / pairs;
    }
  }

  public MatchQuality {
    levels = List.copyOf(levels);
  }

  /**
   * Makes and compares pairs of 20 similarities, about 0.05, 0.10, ... 1.
   *
   * @param pairs how many of each
   * @param shingles how many each document has
   */
  public static MatchQuality measure(
      NearDuplicates.Config config, int pairs, int shingles, long seed) {
    MinHash.Shape shape = config.shape();
    MinHash minHash = new MinHash(shape);
    List<Level> levels = new ArrayList<>();
    for (int level = 1; level <= LEVELS; level++) {
      double wanted = (double) level / LEVELS;
      // of n shingles each, s are in both: J = s / (2 n - s)
      int shared = (int) Math.round(2 * shingles * wanted / (1 + wanted));
      double jaccard = (double) shared / (2 * shingles - shared);
      RandomKey key = RandomKey.of(seed).child(level);
      int matched = 0;
      for (int pair = 0; pair < pairs; pair++) {
        matched += matches(minHash, shape, key.child(pair), shared, shingles) ? 1 : 0;
      }
      levels.add(new Level(jaccard, pairs, matched, shape.matching(jaccard)));
    }
    return new MatchQuality(levels);
  }

  private static boolean matches(
      MinHash minHash, MinHash.Shape shape, RandomKey key, int shared, int shingles) {
    int common = shared == 0 ? 0 : shared + shape.size() - 1;
    int all = shingles + shape.size() - 1;
    long[] a = minHash.bandKeys(text(shape, key, common, key.child("a"), all));
    long[] b = minHash.bandKeys(text(shape, key, common, key.child("b"), all));
    for (int band = 0; band < a.length; band++) {
      if (a[band] == b[band]) {
        return true;
      }
    }
    return false;
  }

  /** Units that are in both texts, then some of its own, so rare that none comes twice. */
  private static String text(
      MinHash.Shape shape, RandomKey shared, int common, RandomKey own, int all) {
    StringBuilder text = new StringBuilder();
    for (int unit = 0; unit < all; unit++) {
      RandomKey key = (unit < common ? shared : own).child(unit);
      int letters = shape.shingles() == Shingles.WORDS ? WORD_LENGTH : 1;
      for (int i = 0; i < letters; i++) {
        text.append((char) ('a' + key.below(i, LETTERS)));
      }
      if (shape.shingles() == Shingles.WORDS) {
        text.append(' ');
      }
    }
    return text.toString();
  }

  /**
   * Of pairs at least that alike, the share that was found; every level weighs the same.
   *
   * @param duplicate the similarity from which on a pair counts as duplicates
   */
  public double recall(double duplicate) {
    return levels.stream()
        .filter(level -> level.jaccard() >= duplicate)
        .mapToDouble(Level::share)
        .average()
        .orElse(0);
  }

  /** Of pairs that were found, the share that is at least that alike; levels weigh the same. */
  public double precision(double duplicate) {
    double found = levels.stream().mapToDouble(Level::share).sum();
    double right =
        levels.stream()
            .filter(level -> level.jaccard() >= duplicate)
            .mapToDouble(Level::share)
            .sum();
    return found == 0 ? 0 : right / found;
  }

  /** As a table in Markdown, with precision and recall for some similarities below it. */
  public String table() {
    StringBuilder table = new StringBuilder();
    line(table, "| Jaccard | pairs | found | share | expected |");
    line(table, "|---|---|---|---|---|");
    for (Level level : levels) {
      line(
          table,
          "| %.3f | %d | %d | %.4f | %.4f |",
          level.jaccard(),
          level.pairs(),
          level.matched(),
          level.share(),
          level.expected());
    }
    line(table, "");
    line(table, "| duplicates are pairs from | recall | precision |");
    line(table, "|---|---|---|");
    for (double duplicate : new double[] {0.6, 0.7, 0.8, 0.9}) {
      double from = duplicate - 0.01; // levels are not exactly round
      line(table, "| %.1f | %.4f | %.4f |", duplicate, recall(from), precision(from));
    }
    return table.toString();
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency of its own
  private static void line(StringBuilder table, String format, Object... values) {
    table.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
