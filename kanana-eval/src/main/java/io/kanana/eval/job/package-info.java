/** The job {@code evaluate}. */
package io.kanana.eval.job;
