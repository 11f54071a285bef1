/** The data steps on a cluster. */
package io.kanana.spark;
