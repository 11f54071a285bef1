/** What turns gradients into new weights: optimizers and learning-rate schedules. */
package io.kanana.core.optimize;
