package io.kanana.core.train;

import io.kanana.core.model.TokenInput;
import io.kanana.core.tensor.Kernels;
import io.kanana.core.tensor.Scope;
import io.kanana.core.tensor.TensorBackend;

/**
 * Rows of packed documents, ready for a forward pass. All arrays are [B, T] in row-major order and
 * belong to the receiver; they are not written again by the source.
 *
 * <p>A row holds pieces of documents, one after the other. No piece attends another: position
 * {@code t} attends {@code u} of its row where {@code documentStarts[t] <= u <= t}. Over one pass
 * through a set of documents, every token is the input of exactly one position, and every token
 * that another token of its document precedes is the target of exactly one position, also where a
 * piece ends inside its document. Where only a part of the text is learnt, such as what an
 * assistant says, the other tokens are no targets. Padding has token 0, no target, and attends
 * itself alone.
 *
 * @param rows B, the number of sequences
 * @param contextLength T, the number of positions of a sequence
 * @param tokens the input ids
 * @param targets the id that follows within the document, or {@link #IGNORE}
 * @param positions the distance from {@code documentStarts}, so below T
 * @param documentStarts the first position, within the row, of the position's document
 * @param textBytes the bytes of UTF-8 text that the targets cover; a document's bytes are shared
 *     evenly by its text tokens, so that they add up exactly over all targets of a document
 */
public record TokenBatch(
    int rows,
    int contextLength,
    int[] tokens,
    int[] targets,
    int[] positions,
    int[] documentStarts,
    long textBytes) {

  /** The target of a position that predicts nothing. */
  public static final int IGNORE = Kernels.IGNORED;

  public TokenBatch {
    int size = Math.multiplyExact(rows, contextLength);
    requireSize("tokens", tokens, size);
    requireSize("targets", targets, size);
    requireSize("positions", positions, size);
    requireSize("documentStarts", documentStarts, size);
  }

  /** How many targets are not {@link #IGNORE}. */
  public int targetCount() {
    int count = 0;
    for (int target : targets) {
      count += target == IGNORE ? 0 : 1;
    }
    return count;
  }

  /** The batch in a back end's memory; the tensors belong to {@code scope}. */
  public TokenInput input(TensorBackend backend, Scope scope) {
    return TokenInput.of(backend, scope, rows, contextLength, tokens, positions, documentStarts);
  }

  private static void requireSize(String name, int[] values, int size) {
    if (values.length != size) {
      throw new IllegalArgumentException(
          name + " has " + values.length + " elements, but rows x contextLength is " + size);
    }
  }
}
