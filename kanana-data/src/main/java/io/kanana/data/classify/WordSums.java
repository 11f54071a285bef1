package io.kanana.data.classify;

import java.util.Arrays;

/**
 * The sum of the row of a word and those of its character n-grams, for every word of ordinary
 * length: one addition instead of dozens when a text is read. Immutable.
 */
final class WordSums {
  /** Longer words are taken apart each time, so that a strange model costs no memory. */
  private static final int LONGEST = 256;

  private final boolean[] known;
  private final int[] sizes;
  private final DenseRows sums;

  private WordSums(boolean[] known, int[] sizes, DenseRows sums) {
    this.known = known;
    this.sizes = sizes;
    this.sums = sums;
  }

  /** The sums of a model, or null where words have no character n-grams. */
  static WordSums of(LinearModel model, Featurizer featurizer) {
    Vocabulary vocabulary = model.vocabulary();
    int dimensions = model.input().dimensions();
    int words = vocabulary.words();
    if (model.maxSubword() == 0 || DenseRows.size(words, dimensions) > DenseRows.LARGEST) {
      return null;
    }
    WordSums all =
        new WordSums(new boolean[words], new int[words], new DenseRows(words, dimensions));
    Features features = new Features();
    float[] sum = new float[DenseRows.stride(dimensions)];
    for (int word = 0; word < words; word++) {
      if (vocabulary.length(word) <= LONGEST) {
        all.add(word, vocabulary.entry(word), model.input(), featurizer, features, sum);
      }
    }
    return all;
  }

  private void add(
      int word,
      byte[] bytes,
      RowMatrix input,
      Featurizer featurizer,
      Features features,
      float[] sum) {
    features.clear();
    features.add(word);
    if (!TokenHash.isEndOfText(bytes, 0, bytes.length)) {
      featurizer.addSubwords(bytes, 0, bytes.length, features);
    }
    Arrays.fill(sum, 0);
    input.addRows(features.rows(), features.count(), sum);
    System.arraycopy(sum, 0, sums.values(), sums.at(word), sum.length);
    sizes[word] = features.count();
    known[word] = true;
  }

  /** Which words have a sum. */
  boolean[] known() {
    return known;
  }

  /** Adds the sums of words to {@code sum}; how many rows they stand for. */
  long addWords(Features features, float[] sum) {
    int[] words = features.wholeWords();
    sums.addRows(words, features.wholeWordCount(), sum);
    long rows = 0;
    for (int i = 0; i < features.wholeWordCount(); i++) {
      rows += sizes[words[i]];
    }
    return rows;
  }
}
