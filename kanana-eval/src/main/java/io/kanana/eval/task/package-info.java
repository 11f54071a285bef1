/** Benchmark tasks: what is asked about each document, and how the answers are scored. */
package io.kanana.eval.task;
