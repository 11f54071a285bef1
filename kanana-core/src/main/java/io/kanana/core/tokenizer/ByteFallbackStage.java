package io.kanana.core.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Collects a run of tokens {@code <0xXX>}, which can be read as text only once it has ended. */
final class ByteFallbackStage implements TokenDecoder.Stage {
  private final Consumer<String> out;
  private byte[] run = new byte[16];
  private int length;

  ByteFallbackStage(Consumer<String> out) {
    this.out = out;
  }

  @Override
  public void accept(String token) {
    int b = byteOf(token);
    if (b < 0) {
      finish();
      out.accept(token);
      return;
    }
    if (length == run.length) {
      run = Arrays.copyOf(run, 2 * length);
    }
    run[length++] = (byte) b;
  }

  @Override
  public void finish() {
    if (length > 0) {
      out.accept(text());
      length = 0;
    }
  }

  private String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(run, 0, length)).toString();
    } catch (CharacterCodingException notUtf8) {
      return "\uFFFD".repeat(length);
    }
  }

  private static int byteOf(String token) {
    if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
      return -1;
    }
    int high = Character.digit(token.charAt(3), 16);
    int low = Character.digit(token.charAt(4), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }
}
