/** A run of tasks on a model: asking, keeping answers, and putting figures together. */
package io.kanana.eval.run;
