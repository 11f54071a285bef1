/**
 * Deduplication: whole documents, paragraphs and spans of sentences that occur twice, and documents
 * that are nearly alike. Which occurrence is kept depends on the corpus's order alone.
 */
package io.kanana.data.dedup;
