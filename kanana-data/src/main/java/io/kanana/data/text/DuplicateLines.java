package io.kanana.data.text;

import io.kanana.core.tokenizer.TextHash;
import java.util.Arrays;

/** Counts lines that were there before in the same text. For one thread. */
public final class DuplicateLines {
  private final StampedTable table = new StampedTable();
  private long[] hashes = new long[64];
  private int count;
  private int characters;

  /** Counts those of a text. */
  public DuplicateLines of(char[] chars, Spans lines) {
    count = 0;
    characters = 0;
    table.begin(lines.count());
    if (hashes.length < lines.count()) {
      hashes = new long[Math.max(lines.count(), 2 * hashes.length)];
    }
    for (int i = 0; i < lines.count(); i++) {
      hashes[i] = TextHash.of(chars, lines.from(i), lines.to(i));
      if (!isNew(chars, lines, i)) {
        count++;
        characters += Characters.codePoints(chars, lines.from(i), lines.to(i));
      }
    }
    return this;
  }

  private boolean isNew(char[] chars, Spans lines, int line) {
    int slot = table.slot(hashes[line]);
    for (int other = table.at(slot); other >= 0; other = table.at(slot)) {
      if (hashes[other] == hashes[line]
          && Arrays.equals(
              chars, lines.from(other), lines.to(other), chars, lines.from(line), lines.to(line))) {
        return false;
      }
      slot = table.next(slot);
    }
    table.put(slot, line);
    return true;
  }

  /** How many lines were there before. */
  public int count() {
    return count;
  }

  /** Their length in code points. */
  public int characters() {
    return characters;
  }
}
