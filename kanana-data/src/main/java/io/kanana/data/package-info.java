/** Raw documents to filtered documents, token shards and packed batches. */
package io.kanana.data;
