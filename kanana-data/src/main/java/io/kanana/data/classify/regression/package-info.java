/**
 * Scores of documents by a regression head on a frozen language model, as FineWeb-Edu's classifier
 * does it: each document becomes one vector, and a small network, trained with Deeplearning4j,
 * makes a score of it. The only package that knows Deeplearning4j, and ND4J beside it.
 */
package io.kanana.data.classify.regression;
