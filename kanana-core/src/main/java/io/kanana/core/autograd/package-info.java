/**
 * Gradients: a small tape over the coarse operations of {@link io.kanana.core.tensor.Kernels}, each
 * recorded as one forward and one backward kernel.
 */
package io.kanana.core.autograd;
