package io.kanana.data.shard;

import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.data.document.Document;
import java.util.OptionalInt;

/** Turns documents into ids and decides who is held out. Safe for use by several threads. */
final class Encoder {
  /** A document as ids. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared or kept in a set
  record Encoded(int[] ids, long textBytes, boolean heldOut) {}

  private final Tokenizer tokenizer;
  private final HeldOut heldOut;

  Encoder(Tokenizer tokenizer, double heldOutShare) {
    this.tokenizer = tokenizer;
    this.heldOut = new HeldOut(heldOutShare);
  }

  Encoded encode(Document document) {
    int[] text = tokenizer.encode(document.text(), Tokenizer.Specials.NONE);
    return new Encoded(enclose(text), document.textBytes(), heldOut.contains(document.text()));
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
}
