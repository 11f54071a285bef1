package io.kanana.spark.engine;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.TreeMap;

/**
 * What one part of the sources gave.
 *
 * @param shards the names of its shards
 * @param rejected records that were no documents, by reason
 */
record PartReport(ArrayList<String> shards, TreeMap<String, Long> rejected)
    implements Serializable {}
