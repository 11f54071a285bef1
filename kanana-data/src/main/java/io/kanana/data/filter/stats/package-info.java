/** What a cascade did: numbers, samples and the trace of labelled faults, and a page of them. */
package io.kanana.data.filter.stats;
