package io.kanana.pretrain.prune;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.golden.Golden;
import io.kanana.core.train.BatchSource;
import io.kanana.core.train.TokenBatch;
import java.util.Arrays;
import java.util.stream.StreamSupport;

/**
 * One pass over given rows, one document each; every position but the last predicts the next.
 *
 * @param rows of one length
 */
record RowsOfIds(int[][] rows) implements BatchSource {
  static RowsOfIds of(JsonNode inputIds) {
    return new RowsOfIds(
        StreamSupport.stream(inputIds.spliterator(), false)
            .map(Golden::ints)
            .toArray(int[][]::new));
  }

  @Override
  public int contextLength() {
    return rows[0].length;
  }

  @Override
  public long epochLength() {
    return rows.length;
  }

  @Override
  public TokenBatch batch(long firstSequence, int count) {
    int time = contextLength();
    int[] tokens = new int[count * time];
    int[] targets = new int[count * time];
    int[] positions = new int[count * time];
    Arrays.fill(targets, TokenBatch.IGNORE);
    for (int row = 0; row < count; row++) {
      int[] ids = rows[(int) firstSequence + row];
      System.arraycopy(ids, 0, tokens, row * time, time);
      System.arraycopy(ids, 1, targets, row * time, time - 1);
      for (int t = 0; t < time; t++) {
        positions[row * time + t] = t;
      }
    }
    int[] starts = new int[count * time];
    return new TokenBatch(count, time, tokens, targets, positions, starts, (long) count * time);
  }

  @Override
  public String fingerprint() {
    return Integer.toHexString(Arrays.deepHashCode(rows));
  }
}
