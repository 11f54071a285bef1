/** Figures: what one answer is worth, how those of many are put together, and how sure that is. */
package io.kanana.eval.metric;
