/** Mixtures: how much of each domain a run reads, what limits it, and what it will really see. */
package io.kanana.data.mixture;
