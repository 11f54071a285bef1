/** Figures about pairs of values that reports of every kind have. */
package io.kanana.core.statistics;
