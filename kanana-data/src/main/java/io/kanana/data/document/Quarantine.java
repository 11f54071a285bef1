package io.kanana.data.document;

/** Where records go that cannot be read; called by one thread at a time. */
public interface Quarantine {
  void reject(RejectedRecord rejected);
}
