package io.kanana.data.dedup;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.RepetitionFilter;
import io.kanana.data.filter.Verdict;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Keeps the first of documents with the same text. A document that is dropped has the place of the
 * one that stands for it as its measured value.
 *
 * <p>A sketch has 16 bytes, a hash of 128 bits. The decision holds 4 bytes a document, and some 30
 * while it works.
 */
public final class ExactDuplicates implements RepetitionFilter {
  /** Why a document is dropped. */
  public static final String REASON = "duplicate";

  /**
   * What counts as the same.
   *
   * @param text the form in which texts are compared
   */
  public record Config(ComparedText text) implements CascadeStep.Config {
    @Override
    public ExactDuplicates create() {
      return new ExactDuplicates(this);
    }
  }

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final ComparedText text;

  public ExactDuplicates(Config config) {
    this.text = config.text();
  }

  @Override
  public byte[] sketch(Document document) {
    return text.digest(document.text(), 2 * Long.BYTES);
  }

  @Override
  public Decision decide(Sketches sketches, int threads) {
    int count = Places.count(sketches);
    long[] lower = new long[count];
    long[] upper = new long[count];
    Workers.run(threads, threads, part -> gather(sketches, part, threads, lower, upper));
    int[] first = new int[count];
    Workers.run(threads, threads, part -> find(lower, upper, part, threads, first));
    return place -> {
      int index = Math.toIntExact(place);
      return first[index] == index ? NOTHING : finding(new long[] {first[index]});
    };
  }

  @Override
  public void keys(byte[] sketch, Keys keys) {
    keys.add((long) LONGS.get(sketch, Long.BYTES), (long) LONGS.get(sketch, 0));
  }

  /** The place of the one that stands for it. */
  @Override
  public byte[] finding(long[] before) {
    if (before[0] == FIRST) {
      return NOTHING;
    }
    byte[] finding = new byte[Long.BYTES];
    LONGS.set(finding, 0, before[0]);
    return finding;
  }

  @Override
  public Verdict judge(Document document, byte[] finding) {
    return finding.length == 0
        ? Verdict.keep(document)
        : Verdict.drop(REASON, (long) LONGS.get(finding, 0));
  }

  /** A part of the places. */
  private static void gather(Sketches sketches, int part, int parts, long[] lower, long[] upper) {
    int to = (int) ((part + 1L) * lower.length / parts);
    for (int place = (int) ((long) part * lower.length / parts); place < to; place++) {
      byte[] sketch = sketches.at(place);
      lower[place] = (long) LONGS.get(sketch, 0);
      upper[place] = (long) LONGS.get(sketch, Long.BYTES);
    }
  }

  /** A part of the keys, over all places. */
  private static void find(long[] lower, long[] upper, int part, int parts, int[] first) {
    PlaceTable table = new PlaceTable(lower, upper);
    for (int place = 0; place < lower.length; place++) {
      if (Long.remainderUnsigned(upper[place], parts) == part) {
        first[place] = table.first(place);
      }
    }
  }
}
