/** Finds documents that hold pieces of benchmarks, so that what is measured was not learned. */
package io.kanana.data.decontaminate;
