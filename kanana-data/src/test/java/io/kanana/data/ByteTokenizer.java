package io.kanana.data;

import io.kanana.core.tokenizer.Encoding;
import io.kanana.core.tokenizer.IncrementalDecoder;
import io.kanana.core.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/** An id per byte of UTF-8; 256 begins and 257 ends a document, where asked for. */
public record ByteTokenizer(boolean begins, boolean ends, int vocabularySize) implements Tokenizer {
  /** Holds a character back until the next one begins. */
  private static final class Decoder implements IncrementalDecoder {
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    @Override
    public String next(int id) {
      String text = continues(id) ? "" : flush();
      if (id < 256) {
        held.write(id);
      }
      return text;
    }

    @Override
    public String flush() {
      String text = held.toString(StandardCharsets.UTF_8);
      held.reset();
      return text;
    }
  }

  /** Whether it is a byte of UTF-8 that is not the first of its character. */
  private static boolean continues(int id) {
    return (id & ~0x3F) == 0x80;
  }

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
    int[] ids = encode(text, specials);
    int[] starts = new int[ids.length];
    int[] ends = new int[ids.length];
    int characters = 0;
    for (int i = 0; i < ids.length; i++) {
      characters += continues(ids[i]) ? 0 : 1;
      starts[i] = characters - 1;
      ends[i] = characters;
    }
    return new Encoding(ids, starts, ends);
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
    return new Decoder();
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
