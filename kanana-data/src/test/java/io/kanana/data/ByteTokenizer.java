package io.kanana.data;

import io.kanana.core.tokenizer.Encoding;
import io.kanana.core.tokenizer.IncrementalDecoder;
import io.kanana.core.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/** An id per byte of UTF-8; 256 begins and 257 ends a document, where asked for. */
public record ByteTokenizer(boolean begins, boolean ends, int vocabularySize) implements Tokenizer {
  /** With both ends marked, and ids of two bytes. */
  public static ByteTokenizer both() {
    return new ByteTokenizer(true, true, 258);
  }

  @Override
  public int[] encode(String text, Specials specials) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    Arrays.setAll(ids, i -> Byte.toUnsignedInt(bytes[i]));
    return ids;
  }

  @Override
  public Encoding encodeWithOffsets(String text, Specials specials) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String decode(int[] ids, boolean skipSpecials) {
    byte[] bytes = new byte[ids.length];
    int length = 0;
    for (int id : ids) {
      if (id < 256) {
        bytes[length++] = (byte) id;
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  @Override
  public IncrementalDecoder decoder(boolean skipSpecials) {
    throw new UnsupportedOperationException();
  }

  @Override
  public OptionalInt tokenId(String token) {
    return OptionalInt.empty();
  }

  @Override
  public OptionalInt beginOfText() {
    return begins ? OptionalInt.of(256) : OptionalInt.empty();
  }

  @Override
  public OptionalInt endOfText() {
    return ends ? OptionalInt.of(257) : OptionalInt.empty();
  }
}
