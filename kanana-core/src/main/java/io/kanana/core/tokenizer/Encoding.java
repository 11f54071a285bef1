package io.kanana.core.tokenizer;

import java.util.Arrays;

/**
 * The tokens of a text and where each comes from.
 *
 * @param ids one id per token
 * @param starts where each token begins, in Unicode code points of the text
 * @param ends where it ends, exclusive; a token that the post-processor added has {@code [0, 0)}
 */
@SuppressWarnings("ArrayRecordComponent") // equals and hashCode below compare the contents
public record Encoding(int[] ids, int[] starts, int[] ends) {
  public Encoding {
    if (ids.length != starts.length || ids.length != ends.length) {
      throw new IllegalArgumentException("ids, starts and ends differ in length");
    }
  }

  public int size() {
    return ids.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Encoding that
        && Arrays.equals(ids, that.ids)
        && Arrays.equals(starts, that.starts)
        && Arrays.equals(ends, that.ends);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ids.length; i++) {
      text.append(i == 0 ? "" : " ").append(ids[i]);
      text.append('[').append(starts[i]).append(',').append(ends[i]).append(')');
    }
    return text.toString();
  }
}
