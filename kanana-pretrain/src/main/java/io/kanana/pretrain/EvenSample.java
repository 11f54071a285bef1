package io.kanana.pretrain;

import java.util.ArrayList;
import java.util.List;

/**
 * Texts taken evenly from a stream whose length is not known: every text at first, then, whenever
 * there are twice as many bytes as wanted, every second of those kept and of those to come.
 */
final class EvenSample {
  private final long wantedBytes;
  private List<String> kept = new ArrayList<>();
  private long keptBytes;
  private long stride = 1;
  private long seen;

  EvenSample(long wantedBytes) {
    this.wantedBytes = wantedBytes;
  }

  void offer(String text, long bytes) {
    if (seen++ % stride != 0) {
      return;
    }
    kept.add(text);
    keptBytes += bytes;
    if (keptBytes > 2 * wantedBytes) {
      thin();
    }
  }

  private void thin() {
    List<String> every2nd = new ArrayList<>();
    long characters = 0;
    long keptCharacters = 0;
    for (int i = 0; i < kept.size(); i++) {
      characters += kept.get(i).length();
      if (i % 2 == 0) {
        every2nd.add(kept.get(i));
        keptCharacters += kept.get(i).length();
      }
    }
    keptBytes = (long) (keptBytes * (double) keptCharacters / Math.max(1, characters));
    kept = every2nd;
    stride *= 2;
  }

  List<String> texts() {
    return kept;
  }
}
