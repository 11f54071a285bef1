package io.kanana.data.dedup;

import io.kanana.data.document.Document;
import io.kanana.data.filter.RepetitionFilter;
import io.kanana.data.filter.Verdict;
import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Takes runs of pieces out of documents that stood in the corpus before, in this document or one
 * before it; a document of which too little is left is dropped.
 *
 * <p>A sketch has 8 bytes a run. The decision holds 8 bytes a document and a bit a run; while it
 * works, 16 to 24 bytes for each different run, or less where there are so many that it takes them
 * in several rounds.
 */
final class DuplicatePieces implements RepetitionFilter {
  /** Why a document is dropped. */
  static final String REASON = "only-duplicates";

  /**
   * What is compared, and what has to be left.
   *
   * @param cut what the pieces are
   * @param run how many pieces in a row are compared
   * @param text the form in which they are compared
   * @param minCharacters shorter runs stay
   * @param minWords a changed document with fewer words is dropped
   * @param minPieces a changed document with fewer pieces is dropped
   */
  record Rules(
      Cut cut, int run, ComparedText text, int minCharacters, int minWords, int minPieces) {}

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final Rules rules;

  DuplicatePieces(Rules rules) {
    this.rules = rules;
  }

  @Override
  public byte[] sketch(Document document) {
    long[] hashes = windows(document.text()).hashes();
    byte[] sketch = new byte[hashes.length * Long.BYTES];
    for (int i = 0; i < hashes.length; i++) {
      LONGS.set(sketch, i * Long.BYTES, hashes[i]);
    }
    return sketch;
  }

  private Windows windows(String text) {
    int[] starts = rules.cut().starts(text);
    byte[][] forms = new byte[starts.length - 1][];
    for (int i = 0; i < forms.length; i++) {
      forms[i] = rules.text().bytes(text.substring(starts[i], starts[i + 1]));
    }
    int most = Math.max(0, forms.length - rules.run() + 1);
    int[] first = new int[most];
    long[] hashes = new long[most];
    int count = 0;
    for (int i = 0; i < most; i++) {
      byte[] run = joined(forms, i);
      boolean compared = starts[i + rules.run()] - starts[i] >= rules.minCharacters();
      if (compared && run.length >= rules.run()) { // more than the spaces between
        first[count] = i;
        hashes[count++] = XxHash64.of(run, 0, run.length);
      }
    }
    return new Windows(starts, Arrays.copyOf(first, count), Arrays.copyOf(hashes, count));
  }

  private byte[] joined(byte[][] forms, int from) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (int i = 0; i < rules.run(); i++) {
      if (i > 0) {
        joined.write(' ');
      }
      joined.writeBytes(forms[from + i]);
    }
    return joined.toByteArray();
  }

  @Override
  public Decision decide(Sketches sketches, int threads) {
    Repetitions repetitions = Repetitions.find(sketches, threads);
    return place -> repetitions.of(Math.toIntExact(place)).toByteArray();
  }

  @Override
  public void keys(byte[] sketch, Keys keys) {
    for (int at = 0; at < sketch.length; at += Long.BYTES) {
      keys.add(0, (long) LONGS.get(sketch, at));
    }
  }

  /** A bit for each run that stood before. */
  @Override
  public byte[] finding(long[] before) {
    BitSet repeated = new BitSet();
    for (int i = 0; i < before.length; i++) {
      repeated.set(i, before[i] != FIRST);
    }
    return repeated.toByteArray();
  }

  @Override
  public Verdict judge(Document document, byte[] finding) {
    return finding.length == 0
        ? Verdict.keep(document)
        : without(BitSet.valueOf(finding), document);
  }

  private Verdict without(BitSet found, Document document) {
    Windows windows = windows(document.text());
    boolean[] repeated = new boolean[windows.pieces()];
    for (int i = 0; i < windows.first().length; i++) {
      if (found.get(i)) {
        int from = windows.first()[i];
        Arrays.fill(repeated, from, from + rules.run(), true);
      }
    }
    StringBuilder left = new StringBuilder();
    int pieces = 0;
    for (int i = 0; i < repeated.length; i++) {
      if (!repeated[i]) {
        left.append(document.text(), windows.starts()[i], windows.starts()[i + 1]);
        pieces++;
      }
    }
    return verdict(document, left.toString().strip(), pieces);
  }

  private Verdict verdict(Document document, String text, int pieces) {
    int words = text.isEmpty() ? 0 : text.split("\\s+").length;
    boolean enough = words >= Math.max(1, rules.minWords()) && pieces >= rules.minPieces();
    return enough
        ? Verdict.keep(new Document(document.id(), text, document.metadata()))
        : Verdict.drop(REASON, words);
  }
}
