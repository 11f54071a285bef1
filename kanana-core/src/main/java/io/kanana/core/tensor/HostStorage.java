package io.kanana.core.tensor;

import java.lang.foreign.MemorySegment;

/** Storage that the host can address. */
public interface HostStorage extends Storage {
  /** The whole block. */
  MemorySegment segment();
}
