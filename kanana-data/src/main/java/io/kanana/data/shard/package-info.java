/** Token shards: tokenized documents in memory-mapped files, with the boundaries of each. */
package io.kanana.data.shard;
