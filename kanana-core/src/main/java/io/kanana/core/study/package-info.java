/**
 * Experiments: jobs in several arms and with several seeds, and whether a claim about them holds.
 */
package io.kanana.core.study;
