package io.kanana.data.dedup;

/**
 * The pieces of a text, and the hashes of runs of as many as are compared at once.
 *
 * @param starts where each piece begins in the text, and its end
 * @param first the first piece of each run that is compared
 * @param hashes of these runs
 */
record Windows(int[] starts, int[] first, long[] hashes) {
  int pieces() {
    return starts.length - 1;
  }
}
