/**
 * Learning from pairs of answers of which one was preferred: losses, reference log-probabilities,
 * the reward model, and the jobs of both.
 */
package io.kanana.posttrain.preference;
