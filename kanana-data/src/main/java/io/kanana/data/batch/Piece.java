package io.kanana.data.batch;

/**
 * Tokens in a row of one document, or all of it: what stands in one place of a sequence.
 *
 * @param document its index in the stream
 * @param start its first token in the stream
 * @param length the number of its tokens, at least 1
 */
public record Piece(long document, long start, int length) {}
