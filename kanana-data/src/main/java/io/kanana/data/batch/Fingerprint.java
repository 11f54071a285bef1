package io.kanana.data.batch;

import io.kanana.core.checkpoint.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A short digest of several values. */
final class Fingerprint {
  private Fingerprint() {}

  static String of(Object... values) {
    return Sha256.of(Arrays.toString(values).getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }
}
