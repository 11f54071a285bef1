/** The job {@code filter}: a cascade over a corpus, shard by shard. */
package io.kanana.data.filter.run;
