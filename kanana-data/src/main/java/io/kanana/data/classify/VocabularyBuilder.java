package io.kanana.data.classify;

import io.kanana.core.error.DataException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts the words and labels of texts. For one thread. */
final class VocabularyBuilder {
  private static final int SPREAD = 0x9E3779B1;
  private static final int MOST_WORDS = 1 << 27;
  private static final String SOURCE = "training texts";

  private byte[] bytes = new byte[1 << 16];
  private int[] starts = new int[1 << 10];
  private int[] hashes = new int[1 << 10];
  private long[] counts = new long[1 << 10];
  private int words;
  private int[] table = emptyTable(1 << 11);
  private final Map<String, Long> labels = new LinkedHashMap<>();

  private static int[] emptyTable(int size) {
    int[] table = new int[size];
    Arrays.fill(table, -1);
    return table;
  }

  /** Counts the words of a text, and {@code </s>} at its end. */
  void addText(byte[] text) {
    int at = TokenHash.tokenStart(text, 0, text.length);
    boolean ended = false;
    while (at < text.length && !ended) {
      int end = TokenHash.tokenEnd(text, at, text.length);
      if (!TokenHash.isLabel(text, at, end)) {
        addWord(text, at, end);
      }
      ended = TokenHash.isEndOfText(text, at, end);
      at = TokenHash.tokenStart(text, end, text.length);
    }
    if (!ended) {
      addWord(TokenHash.END_OF_TEXT, 0, TokenHash.END_OF_TEXT.length);
    }
  }

  void addLabel(String label) {
    if (label.isEmpty() || label.indexOf('\0') >= 0) {
      throw new DataException("a label is empty or holds a NUL; labels are text");
    }
    labels.merge(label, 1L, Long::sum);
  }

  private void addWord(byte[] text, int from, int to) {
    int hash = TokenHash.of(text, from, to);
    int slot = slot(hash);
    while (table[slot] >= 0) {
      int word = table[slot];
      if (hashes[word] == hash
          && Arrays.equals(bytes, starts[word], starts[word + 1], text, from, to)) {
        counts[word]++;
        return;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    table[slot] = append(text, from, to, hash);
    if (2 * words > table.length) {
      grow();
    }
  }

  private int slot(int hash) {
    return (hash * SPREAD) >>> (Integer.numberOfLeadingZeros(table.length) + 1);
  }

  private int append(byte[] text, int from, int to, int hash) {
    int start = starts[words];
    long end = (long) start + to - from;
    if (words == MOST_WORDS || end > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "the training texts have more than "
              + words
              + " different words; use fewer texts, or cut them into words");
    }
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, 2 * end));
    }
    if (words + 1 == starts.length) {
      starts = Arrays.copyOf(starts, 2 * starts.length);
      hashes = Arrays.copyOf(hashes, starts.length);
      counts = Arrays.copyOf(counts, starts.length);
    }
    System.arraycopy(text, from, bytes, start, to - from);
    hashes[words] = hash;
    counts[words] = 1;
    starts[words + 1] = (int) end;
    return words++;
  }

  private void grow() {
    table = emptyTable(2 * table.length);
    for (int word = 0; word < words; word++) {
      int slot = slot(hashes[word]);
      while (table[slot] >= 0) {
        slot = (slot + 1) & (table.length - 1);
      }
      table[slot] = word;
    }
  }

  /** Each label's number in the vocabulary that {@link #build} makes. */
  Map<String, Integer> labelNumbers() {
    Map<String, Integer> numbers = new HashMap<>();
    sortedLabels().forEach(label -> numbers.put(label, numbers.size()));
    return numbers;
  }

  private List<String> sortedLabels() {
    return labels.keySet().stream()
        .sorted(Comparator.comparing(labels::get, Comparator.reverseOrder()))
        .toList();
  }

  /**
   * Words that are frequent enough, and all labels; what is equally frequent by its first place.
   */
  Vocabulary build(int minCount) {
    List<byte[]> entries = new ArrayList<>();
    List<Long> occurrences = new ArrayList<>();
    for (int word : sortedWords(minCount)) {
      entries.add(Arrays.copyOfRange(bytes, starts[word], starts[word + 1]));
      occurrences.add(counts[word]);
    }
    int kept = entries.size();
    for (String label : sortedLabels()) {
      entries.add(
          (new String(TokenHash.LABEL_PREFIX, StandardCharsets.US_ASCII) + label)
              .getBytes(StandardCharsets.UTF_8));
      occurrences.add(labels.get(label));
    }
    return vocabulary(entries, occurrences, kept);
  }

  private int[] sortedWords(int minCount) {
    List<Integer> frequent = new ArrayList<>();
    for (int word = 0; word < words; word++) {
      if (counts[word] >= minCount) {
        frequent.add(word);
      }
    }
    frequent.sort(Comparator.comparing((Integer word) -> counts[word], Comparator.reverseOrder()));
    return frequent.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Vocabulary vocabulary(List<byte[]> entries, List<Long> occurrences, int words) {
    int[] starts = new int[entries.size() + 1];
    for (int i = 0; i < entries.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], entries.get(i).length);
    }
    byte[] bytes = new byte[starts[entries.size()]];
    for (int i = 0; i < entries.size(); i++) {
      System.arraycopy(entries.get(i), 0, bytes, starts[i], entries.get(i).length);
    }
    long[] counts = occurrences.stream().mapToLong(Long::longValue).toArray();
    return new Vocabulary(SOURCE, bytes, starts, counts, words);
  }
}
