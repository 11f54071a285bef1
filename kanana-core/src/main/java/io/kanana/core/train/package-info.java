/** The training step: batches in, objective, gradients, update, and what is reported of it. */
package io.kanana.core.train;
