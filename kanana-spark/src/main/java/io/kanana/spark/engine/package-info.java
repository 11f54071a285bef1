/** The stages of a run as jobs of Spark. Nothing else may use Spark's classes. */
package io.kanana.spark.engine;
