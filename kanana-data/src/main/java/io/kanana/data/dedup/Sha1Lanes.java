package io.kanana.data.dedup;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * SHA-1 (FIPS 180-4) of many short messages at once, one in each lane of a vector. Shingles of
 * words have one to three blocks, and neighbours nearly the same length, so lanes are seldom idle.
 */
final class Sha1Lanes {
  private static final VectorSpecies<Integer> SPECIES = IntVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final VarHandle BIG_ENDIAN_INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int[] START = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  private static final int ROUNDS = 80;
  private static final int BLOCK = 64;
  private static final int BLOCK_WORDS = 16;
  // a bit that ends the message, and its length
  private static final int TRAILER = 1 + Long.BYTES;

  // lane after lane for each of 80 words
  private final int[] words = new int[ROUNDS * LANES];
  // lane after lane for each of 5 words
  private final int[] state = new int[START.length * LANES];
  private final byte[] block = new byte[BLOCK];

  private Sha1Lanes() {}

  /** The first 8 bytes of each digest as a little-endian number. */
  static long[] hashes(byte[] bytes, int[] starts, int[] ends, int count) {
    Sha1Lanes lanes = new Sha1Lanes();
    long[] hashes = new long[count];
    for (int from = 0; from < count; from += LANES) {
      lanes.group(bytes, starts, ends, from, Math.min(count, from + LANES), hashes);
    }
    return hashes;
  }

  private void group(byte[] bytes, int[] starts, int[] ends, int from, int to, long[] hashes) {
    for (int i = 0; i < START.length; i++) {
      Arrays.fill(state, i * LANES, (i + 1) * LANES, START[i]);
    }
    int most = 0;
    for (int i = from; i < to; i++) {
      most = Math.max(most, blocks(ends[i] - starts[i]));
    }
    for (int number = 0; number < most; number++) {
      long busy = 0;
      for (int i = from; i < to; i++) {
        if (number < blocks(ends[i] - starts[i])) {
          busy |= 1L << (i - from);
          put(bytes, starts[i], ends[i] - starts[i], number, i - from);
        }
      }
      extend();
      compress(VectorMask.fromLong(SPECIES, busy));
    }
    for (int i = from; i < to; i++) {
      long first = Integer.reverseBytes(state[i - from]) & 0xFFFFFFFFL;
      hashes[i] = (long) Integer.reverseBytes(state[LANES + i - from]) << Integer.SIZE | first;
    }
  }

  private static int blocks(int length) {
    return (length + TRAILER + BLOCK - 1) / BLOCK;
  }

  /** Puts one block of a message into its lane. */
  private void put(byte[] bytes, int start, int length, int number, int lane) {
    int offset = number * BLOCK;
    int left = length - offset;
    if (left >= BLOCK) {
      putWords(bytes, start + offset, lane);
      return;
    }
    Arrays.fill(block, (byte) 0);
    if (left > 0) {
      System.arraycopy(bytes, start + offset, block, 0, left);
    }
    if (left >= 0) {
      block[left] = (byte) 0x80;
    }
    if (left + TRAILER <= BLOCK) {
      long bits = (long) length * Byte.SIZE;
      BIG_ENDIAN_INTS.set(block, BLOCK - 8, (int) (bits >>> Integer.SIZE));
      BIG_ENDIAN_INTS.set(block, BLOCK - 4, (int) bits);
    }
    putWords(block, 0, lane);
  }

  private void putWords(byte[] bytes, int at, int lane) {
    for (int i = 0; i < BLOCK_WORDS; i++) {
      words[i * LANES + lane] = (int) BIG_ENDIAN_INTS.get(bytes, at + i * Integer.BYTES);
    }
  }

  private void extend() {
    for (int i = BLOCK_WORDS * LANES; i < words.length; i += LANES) {
      IntVector.fromArray(SPECIES, words, i - 3 * LANES)
          .lanewise(VectorOperators.XOR, IntVector.fromArray(SPECIES, words, i - 8 * LANES))
          .lanewise(VectorOperators.XOR, IntVector.fromArray(SPECIES, words, i - 14 * LANES))
          .lanewise(VectorOperators.XOR, IntVector.fromArray(SPECIES, words, i - 16 * LANES))
          .lanewise(VectorOperators.ROL, 1)
          .intoArray(words, i);
    }
  }

  // Four loops: a method for a round would be passed vectors, which stay fast only inside one
  // method, and one loop would choose among the kinds of round 80 times.
  private void compress(VectorMask<Integer> busy) {
    IntVector a = IntVector.fromArray(SPECIES, state, 0);
    IntVector b = IntVector.fromArray(SPECIES, state, LANES);
    IntVector c = IntVector.fromArray(SPECIES, state, 2 * LANES);
    IntVector d = IntVector.fromArray(SPECIES, state, 3 * LANES);
    IntVector e = IntVector.fromArray(SPECIES, state, 4 * LANES);
    for (int t = 0; t < 20; t++) {
      IntVector chosen = c.lanewise(VectorOperators.XOR, d).and(b).lanewise(VectorOperators.XOR, d);
      IntVector next = a.lanewise(VectorOperators.ROL, 5).add(chosen).add(e).add(0x5A827999);
      next = next.add(IntVector.fromArray(SPECIES, words, t * LANES));
      e = d;
      d = c;
      c = b.lanewise(VectorOperators.ROL, 30);
      b = a;
      a = next;
    }
    for (int t = 20; t < 40; t++) {
      IntVector parity = b.lanewise(VectorOperators.XOR, c).lanewise(VectorOperators.XOR, d);
      IntVector next = a.lanewise(VectorOperators.ROL, 5).add(parity).add(e).add(0x6ED9EBA1);
      next = next.add(IntVector.fromArray(SPECIES, words, t * LANES));
      e = d;
      d = c;
      c = b.lanewise(VectorOperators.ROL, 30);
      b = a;
      a = next;
    }
    for (int t = 40; t < 60; t++) {
      IntVector majority = b.and(c).or(b.or(c).and(d));
      IntVector next = a.lanewise(VectorOperators.ROL, 5).add(majority).add(e).add(0x8F1BBCDC);
      next = next.add(IntVector.fromArray(SPECIES, words, t * LANES));
      e = d;
      d = c;
      c = b.lanewise(VectorOperators.ROL, 30);
      b = a;
      a = next;
    }
    for (int t = 60; t < ROUNDS; t++) {
      IntVector parity = b.lanewise(VectorOperators.XOR, c).lanewise(VectorOperators.XOR, d);
      IntVector next = a.lanewise(VectorOperators.ROL, 5).add(parity).add(e).add(0xCA62C1D6);
      next = next.add(IntVector.fromArray(SPECIES, words, t * LANES));
      e = d;
      d = c;
      c = b.lanewise(VectorOperators.ROL, 30);
      b = a;
      a = next;
    }
    IntVector.fromArray(SPECIES, state, 0).add(a, busy).intoArray(state, 0);
    IntVector.fromArray(SPECIES, state, LANES).add(b, busy).intoArray(state, LANES);
    IntVector.fromArray(SPECIES, state, 2 * LANES).add(c, busy).intoArray(state, 2 * LANES);
    IntVector.fromArray(SPECIES, state, 3 * LANES).add(d, busy).intoArray(state, 3 * LANES);
    IntVector.fromArray(SPECIES, state, 4 * LANES).add(e, busy).intoArray(state, 4 * LANES);
  }
}
