package io.kanana.data.dedup;

import io.kanana.data.filter.CorpusFilter.Sketches;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.BitSet;

/** Which of the hashes in sketches stood in the corpus before. Immutable once it is found. */
final class Repetitions {
  /** So many hashes are looked at in one round, to bound what a round holds. */
  private static final long ROUND = 1L << 26;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  // by place: the number of hashes before its own; and the number of all
  private final long[] offsets;
  // a bit for each hash
  private final long[] repeated;

  private Repetitions(long[] offsets) {
    this.offsets = offsets;
    long all = offsets[offsets.length - 1];
    this.repeated = new long[Math.toIntExact((all + Long.SIZE - 1) / Long.SIZE)];
  }

  /** Looks at all hashes in the corpus's order, those of a part of their values at a time. */
  static Repetitions find(Sketches sketches, int threads) {
    Repetitions found = new Repetitions(offsets(sketches));
    long all = found.offsets[found.offsets.length - 1];
    int parts = threads * (int) (all / (ROUND * threads) + 1);
    Workers.run(threads, parts, part -> found.mark(sketches, part, parts));
    return found;
  }

  private static long[] offsets(Sketches sketches) {
    long[] offsets = new long[Places.count(sketches) + 1];
    for (int place = 0; place < offsets.length - 1; place++) {
      offsets[place + 1] = offsets[place] + sketches.at(place).length / Long.BYTES;
    }
    return offsets;
  }

  private void mark(Sketches sketches, int part, int parts) {
    HashesSeen seen = new HashesSeen();
    for (int place = 0; place < offsets.length - 1; place++) {
      if (offsets[place] == offsets[place + 1]) {
        continue;
      }
      byte[] sketch = sketches.at(place);
      for (int i = 0; i < sketch.length / Long.BYTES; i++) {
        long hash = (long) LONGS.get(sketch, i * Long.BYTES);
        if (Long.remainderUnsigned(hash, parts) == part && !seen.add(hash)) {
          set(offsets[place] + i);
        }
      }
    }
  }

  /** Other threads set other bits of the same word. */
  private void set(long bit) {
    // the result is not needed, but a handle's calls are exact about types
    long ignored = (long) WORD.getAndBitwiseOr(repeated, (int) (bit / Long.SIZE), 1L << bit);
  }

  /** Which of the hashes of the document at a place stood in the corpus before. */
  BitSet of(int place) {
    BitSet found = new BitSet();
    for (long bit = offsets[place]; bit < offsets[place + 1]; bit++) {
      found.set((int) (bit - offsets[place]), bit(bit));
    }
    return found;
  }

  private boolean bit(long bit) {
    return (repeated[(int) (bit / Long.SIZE)] >>> bit & 1) != 0;
  }
}
