package io.kanana.data.decontaminate;

import java.util.Arrays;

/**
 * Which entries of benchmarks hold an n-gram: a table of hashes of 64 bits with open addressing,
 * each with a second hash, so that two different n-grams are taken for one with a probability of
 * 2^-128 a pair. Filled by one thread, then read by any number.
 */
final class NgramIndex {
  private static final int NONE = -1;

  private long[] firsts = new long[1 << 12];
  private long[] seconds = new long[1 << 12];

  /** The number of the n-gram in each slot, plus 1. */
  private int[] numbers = new int[1 << 12];

  private int grams;
  private int postings;

  /** By n-gram: its last posting and how many there are. */
  private int[] heads = new int[1 << 11];

  private int[] counts = new int[1 << 11];

  /** By posting: the entry, and the posting before. */
  private int[] entries = new int[1 << 12];

  private int[] befores = new int[1 << 12];

  /** Notes that an entry holds an n-gram; an entry's n-grams come one after the other. */
  void add(long first, long second, int entry) {
    int gram = find(first, second);
    if (gram == NONE) {
      gram = insert(first, second);
    } else if (entries[heads[gram]] == entry) {
      return;
    }
    if (postings == entries.length) {
      entries = Arrays.copyOf(entries, 2 * postings);
      befores = Arrays.copyOf(befores, 2 * postings);
    }
    entries[postings] = entry;
    befores[postings] = heads[gram];
    heads[gram] = postings++;
    counts[gram]++;
  }

  private int insert(long first, long second) {
    if (2 * (grams + 1) > numbers.length) {
      grow();
    }
    if (grams == heads.length) {
      heads = Arrays.copyOf(heads, 2 * grams);
      counts = Arrays.copyOf(counts, 2 * grams);
    }
    place(first, second, grams);
    heads[grams] = NONE;
    return grams++;
  }

  private void place(long first, long second, int gram) {
    int slot = (int) first & (numbers.length - 1);
    while (numbers[slot] != 0) {
      slot = (slot + 1) & (numbers.length - 1);
    }
    firsts[slot] = first;
    seconds[slot] = second;
    numbers[slot] = gram + 1;
  }

  private void grow() {
    long[] oldFirsts = firsts;
    long[] oldSeconds = seconds;
    int[] oldNumbers = numbers;
    firsts = new long[2 * oldNumbers.length];
    seconds = new long[2 * oldNumbers.length];
    numbers = new int[2 * oldNumbers.length];
    for (int slot = 0; slot < oldNumbers.length; slot++) {
      if (oldNumbers[slot] != 0) {
        place(oldFirsts[slot], oldSeconds[slot], oldNumbers[slot] - 1);
      }
    }
  }

  /** Whether some n-gram may have this first hash. */
  boolean mayHold(long first) {
    int slot = (int) first & (numbers.length - 1);
    while (numbers[slot] != 0) {
      if (firsts[slot] == first) {
        return true;
      }
      slot = (slot + 1) & (numbers.length - 1);
    }
    return false;
  }

  /** The number of an n-gram; negative where it is not known. */
  int find(long first, long second) {
    int slot = (int) first & (numbers.length - 1);
    while (numbers[slot] != 0) {
      if (firsts[slot] == first && seconds[slot] == second) {
        return numbers[slot] - 1;
      }
      slot = (slot + 1) & (numbers.length - 1);
    }
    return NONE;
  }

  int grams() {
    return grams;
  }

  /** How many entries hold an n-gram. */
  int count(int gram) {
    return counts[gram];
  }

  /** The last posting of an n-gram; {@link #before} has the others, until it is negative. */
  int last(int gram) {
    return heads[gram];
  }

  int before(int posting) {
    return befores[posting];
  }

  int entry(int posting) {
    return entries[posting];
  }
}
