package io.kanana.core.tensor;

/**
 * A block of a back end's memory. Only the back end that made it knows what is inside; nothing else
 * may assume that the host can address it.
 */
public interface Storage {
  /** How many elements of {@link #dtype()} it holds. */
  long capacity();

  DType dtype();
}
