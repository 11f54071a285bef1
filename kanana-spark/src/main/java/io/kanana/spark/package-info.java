/**
 * The data steps on Apache Spark. This package knows nothing of Spark, so that it can stand on any
 * class path; {@code io.kanana.spark.engine} does, and is loaded when a run asks for it.
 */
package io.kanana.spark;
