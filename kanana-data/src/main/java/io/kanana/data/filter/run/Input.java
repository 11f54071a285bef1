package io.kanana.data.filter.run;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the sources gave.
 *
 * @param shards the names of the shards that the documents were cut into, in the corpus's order
 * @param rejected records that were no documents, by reason
 */
public record Input(List<String> shards, SortedMap<String, Long> rejected) {
  public Input {
    shards = List.copyOf(shards);
    rejected = Collections.unmodifiableSortedMap(new TreeMap<>(rejected));
  }
}
