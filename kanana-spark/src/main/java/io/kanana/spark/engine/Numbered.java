package io.kanana.spark.engine;

import org.apache.spark.Partitioner;

/** The key of a record is the part that it goes to. */
final class Numbered extends Partitioner {
  private final int parts;

  Numbered(int parts) {
    this.parts = parts;
  }

  @Override
  public int numPartitions() {
    return parts;
  }

  @Override
  public int getPartition(Object key) {
    return (Integer) key;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Numbered numbered && numbered.parts == parts;
  }

  @Override
  public int hashCode() {
    return parts;
  }
}
