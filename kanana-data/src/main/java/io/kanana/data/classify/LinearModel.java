package io.kanana.data.classify;

/**
 * What a classifier consists of.
 *
 * @param wordNgrams the longest sequence of words that has a row
 * @param minSubword the shortest character n-gram that has one
 * @param maxSubword the longest, 0 for none
 * @param buckets the rows of n-grams, after those of words
 * @param input a row for each word and bucket
 * @param output a row for each label, or for each inner node of the tree over them
 */
record LinearModel(
    int wordNgrams,
    int minSubword,
    int maxSubword,
    Loss loss,
    Vocabulary vocabulary,
    Buckets buckets,
    RowMatrix input,
    RowMatrix output) {}
