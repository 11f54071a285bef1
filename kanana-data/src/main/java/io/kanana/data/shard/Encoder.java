package io.kanana.data.shard;

import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.data.document.Document;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/** Turns documents into ids and decides who is held out. Safe for use by several threads. */
final class Encoder {
  /** A document as ids. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared or kept in a set
  record Encoded(int[] ids, long textBytes, boolean heldOut) {}

  private static final BigDecimal WHOLE = new BigDecimal(BigInteger.ONE.shiftLeft(Long.SIZE));

  private final Tokenizer tokenizer;
  private final BigInteger heldOutBelow;

  Encoder(Tokenizer tokenizer, double heldOutShare) {
    this.tokenizer = tokenizer;
    this.heldOutBelow = WHOLE.multiply(BigDecimal.valueOf(heldOutShare)).toBigInteger();
  }

  Encoded encode(Document document) {
    int[] text = tokenizer.encode(document.text(), Tokenizer.Specials.NONE);
    return new Encoded(enclose(text), document.textBytes(), isHeldOut(document.text()));
  }

  private int[] enclose(int[] text) {
    OptionalInt begin = tokenizer.beginOfText();
    OptionalInt end = tokenizer.endOfText();
    int before = begin.isPresent() ? 1 : 0;
    int[] ids = new int[before + text.length + (end.isPresent() ? 1 : 0)];
    System.arraycopy(text, 0, ids, before, text.length);
    begin.ifPresent(id -> ids[0] = id);
    end.ifPresent(id -> ids[ids.length - 1] = id);
    return ids;
  }

  /** By the text alone, so that copies of a document stay together wherever they come from. */
  private boolean isHeldOut(String text) {
    byte[] digest = Sha256.digest().digest(text.strip().getBytes(StandardCharsets.UTF_8));
    return new BigInteger(1, Arrays.copyOf(digest, Long.BYTES)).compareTo(heldOutBelow) < 0;
  }
}
