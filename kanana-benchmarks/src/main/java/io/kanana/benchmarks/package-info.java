/**
 * Measures training, generation and kernels against the peak of the machine: {@code kanana bench}.
 */
package io.kanana.benchmarks;
