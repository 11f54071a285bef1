/**
 * The back end for processors: matrix products by oneDNN, everything else fused into kernels of the
 * Vector API, on one pool of threads and on memory of its own.
 *
 * <p>Inside, a tensor is the address of its first element and matrices are addresses with strides
 * in bytes; {@link io.kanana.core.tensor.CheckedKernels} has compared shapes before, and the
 * kernels themselves check the values that are used as indices.
 */
package io.kanana.core.tensor.cpu;
