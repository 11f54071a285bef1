/** Kernel benchmarks and side-by-side throughput; never published. */
package io.kanana.benchmarks;
