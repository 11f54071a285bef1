package io.kanana.data.dedup;

import io.kanana.core.checkpoint.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** In which form texts are compared. */
public enum ComparedText {
  /** Equal to the last character. */
  RAW,
  /**
   * Equal but for case, numbers, punctuation, white space and diacritics: simplified as datatrove
   * does.
   */
  SIMPLIFIED;

  /** The bytes that are compared. */
  private SimplifiedText form(String text) {
    return this == RAW ? SimplifiedText.whole(text) : SimplifiedText.of(text);
  }

  /** The first bytes of SHA-256, so that nobody can make two texts that count as the same. */
  byte[] digest(String text, int bytes) {
    SimplifiedText form = form(text);
    byte[] all = Arrays.copyOfRange(form.bytes(), form.from(), form.to());
    return Arrays.copyOf(Sha256.bytesOf(all), bytes);
  }

  /** The form as text again. */
  byte[] bytes(String text) {
    return this == RAW
        ? text.strip().getBytes(StandardCharsets.UTF_8)
        : form(text).toString().getBytes(StandardCharsets.UTF_8);
  }
}
