/** Sums with known answers, made and not read: questions to train on, to measure on, to reward. */
package io.kanana.posttrain.arithmetic;
