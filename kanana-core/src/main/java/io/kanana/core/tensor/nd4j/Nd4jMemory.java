package io.kanana.core.tensor.nd4j;

import io.kanana.core.error.BackendException;
import io.kanana.core.tensor.DType;
import io.kanana.core.tensor.MemoryPool;
import io.kanana.core.tensor.Storage;
import org.nd4j.linalg.factory.Nd4j;

/** Blocks of ND4J's memory, freed at once instead of when they are collected. */
final class Nd4jMemory implements MemoryPool.Allocator {
  /** ND4J has no arrays without elements; a block may be larger than what is asked for. */
  @Override
  public Storage allocate(DType dtype, long capacity) {
    try {
      return ArrayStorage.of(
          Nd4j.createUninitializedDetached(DTypes.of(dtype), Math.max(1, capacity)));
    } catch (OutOfMemoryError e) {
      throw new BackendException(
          "no memory for "
              + capacity
              + " elements of "
              + dtype
              + " on ND4J; use a smaller batch, context or model");
    }
  }

  @Override
  public void free(Storage storage) {
    ((ArrayStorage) storage).views().whole().close();
  }
}
