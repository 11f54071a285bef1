/** Benchmark tasks, scoring and reports. */
package io.kanana.eval;
