/** The same kernels on newer GPUs. */
package io.kanana.cuda;
