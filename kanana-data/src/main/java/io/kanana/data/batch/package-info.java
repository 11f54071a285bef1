/** Packed batches: what of the token shards a training step sees, and in which order. */
package io.kanana.data.batch;
