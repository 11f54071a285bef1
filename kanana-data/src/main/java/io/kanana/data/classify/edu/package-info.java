/**
 * The iterative filter of educational documents: a sample is scored, a classifier is trained on the
 * scores, it mines the pool for more positives, and is trained again.
 */
package io.kanana.data.classify.edu;
