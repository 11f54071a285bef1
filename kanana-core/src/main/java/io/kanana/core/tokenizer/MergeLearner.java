package io.kanana.core.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Learns merges from counted words. The order of ties, the moment at which a stale entry of the
 * queue is noticed and the counting of overlapping pairs are those of Hugging Face tokenizers, so
 * that both learn the same merges from the same text.
 */
final class MergeLearner {
  private final List<String> tokens;
  private final Map<String, Integer> ids = new HashMap<>();
  private final int[] symbolLengths;
  private final int maxTokenLength;

  /** The symbols of all words; word w has {@code symbols[starts[w], starts[w] + lengths[w])}. */
  private final int[] symbols;

  private final int[] starts;
  private final int[] lengths;
  private final long[] counts;

  private final PairTable pairs = new PairTable();
  private final MergeQueue queue = new MergeQueue();
  private final List<int[]> entryWords = new ArrayList<>();
  private final IntList entryPairs = new IntList(1 << 14);

  /** By pair: the words where it appeared since the queue was last filled, and which pairs have. */
  private IntList[] newWords = new IntList[1 << 14];

  private final IntList touched = new IntList();
  private final List<BpeModel.Merge> merges = new ArrayList<>();

  /**
   * @param firstTokens special tokens and bytes, in the order of their ids
   * @param byteIds the id of each byte
   */
  MergeLearner(
      List<String> firstTokens,
      int[] byteIds,
      WordCounts words,
      int vocabularySize,
      int maxTokenLength) {
    this.tokens = new ArrayList<>(firstTokens);
    this.maxTokenLength = maxTokenLength;
    for (int id = 0; id < firstTokens.size(); id++) {
      ids.put(firstTokens.get(id), id);
    }
    symbolLengths = new int[Math.max(vocabularySize, firstTokens.size())];
    Arrays.fill(symbolLengths, 0, firstTokens.size(), 1);
    int size = words.size();
    starts = new int[size + 1];
    lengths = new int[size];
    counts = new long[size];
    symbols = seed(words, byteIds);
  }

  private int[] seed(WordCounts words, int[] byteIds) {
    BpeWorkspace space = new BpeWorkspace();
    int[] all = new int[words.size() == 0 ? 0 : words.start(words.size()) * 2];
    for (int word = 0; word < words.size(); word++) {
      space.utf8(words.chars(), words.start(word), words.start(word + 1));
      int start = starts[word];
      if (all.length - start < space.byteCount) {
        all = Arrays.copyOf(all, Math.max(start + space.byteCount, (int) (all.length * 1.5)));
      }
      for (int i = 0; i < space.byteCount; i++) {
        all[start + i] = byteIds[space.bytes[i] & 0xFF];
      }
      lengths[word] = space.byteCount;
      starts[word + 1] = start + space.byteCount;
      counts[word] = words.count(word);
    }
    return all;
  }

  List<String> tokens() {
    return tokens;
  }

  List<BpeModel.Merge> merges() {
    return merges;
  }

  /** Merges until the vocabulary has its size or no pair is left that occurs often enough. */
  void learn(int vocabularySize, long minFrequency) {
    countPairs();
    enqueue();
    while (tokens.size() < vocabularySize && !queue.isEmpty()) {
      int entry = queue.topEntry();
      int number = entryPairs.get(entry);
      long count = pairs.count(number);
      if (queue.topCount() != count) {
        queue.recount(count);
        continue;
      }
      if (count < 1 || count < minFrequency) {
        return;
      }
      queue.pop();
      merge(pairs.pair(number), entryWords.get(entry));
      entryWords.set(entry, null);
      enqueue();
    }
  }

  private void countPairs() {
    for (int word = 0; word < counts.length; word++) {
      int end = starts[word] + lengths[word];
      for (int i = starts[word]; i + 1 < end; i++) {
        appeared(symbols[i], symbols[i + 1], word);
      }
    }
  }

  private void appeared(int left, int right, int word) {
    int number = pairs.number(PairTable.key(left, right));
    pairs.addCount(number, counts[word]);
    if (number >= newWords.length) {
      newWords = Arrays.copyOf(newWords, 2 * newWords.length);
    }
    IntList list = newWords[number];
    if (list == null) {
      list = new IntList(4);
      newWords[number] = list;
      touched.add(number);
    }
    if (list.size() == 0 || list.get(list.size() - 1) != word) {
      list.add(word);
    }
  }

  private void vanished(int left, int right, int word) {
    pairs.addCount(pairs.number(PairTable.key(left, right)), -counts[word]);
  }

  /** Puts every pair that appeared since the last time into the queue. */
  private void enqueue() {
    for (int i = 0; i < touched.size(); i++) {
      int number = touched.get(i);
      if (pairs.count(number) > 0) {
        queue.push(pairs.count(number), pairs.pair(number), entryWords.size());
        entryWords.add(newWords[number].toArray());
        entryPairs.add(number);
      }
      newWords[number] = null;
    }
    touched.clear();
  }

  private void merge(long pair, int[] words) {
    int left = (int) (pair >>> 32);
    int right = (int) pair;
    String token = tokens.get(left) + tokens.get(right);
    Integer known = ids.putIfAbsent(token, tokens.size());
    int merged = known == null ? tokens.size() : known;
    if (known == null) {
      tokens.add(token);
      symbolLengths[merged] = symbolLengths[left] + symbolLengths[right];
    }
    merges.add(new BpeModel.Merge(left, right));
    int length = symbolLengths[left] + symbolLengths[right];
    for (int word : words) {
      mergeIn(word, left, right, merged, length);
    }
  }

  /** Replaces a pair in one word, from left to right without overlap. */
  private void mergeIn(int word, int left, int right, int merged, int length) {
    int start = starts[word];
    int end = start + lengths[word];
    int out = start;
    int i = start;
    while (i < end) {
      if (symbols[i] != left || i + 1 == end || symbols[i + 1] != right) {
        symbols[out++] = symbols[i++];
        continue;
      }
      if (out > start) {
        replaced(symbols[out - 1], left, symbols[out - 1], merged, length, word);
      }
      if (i + 2 < end) {
        replaced(right, symbols[i + 2], merged, symbols[i + 2], length, word);
      }
      symbols[out++] = merged;
      i += 2;
    }
    lengths[word] = out - start;
  }

  /** A pair has given way to one with the merged token of this length, if that is not too long. */
  private void replaced(int oldLeft, int oldRight, int left, int right, int length, int word) {
    vanished(oldLeft, oldRight, word);
    int neighbour = oldLeft == left ? left : right;
    if (symbolLengths[neighbour] + length < maxTokenLength) {
      appeared(left, right, word);
    }
  }
}
