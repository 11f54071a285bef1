/**
 * Linear text classifiers over words, word n-grams and character n-grams, as fastText trains them:
 * reading its models, training, measuring, and the cascade's step that scores documents.
 */
package io.kanana.data.classify;
