/**
 * Rules of thumb that keep documents by how their text looks: Gopher's, C4's and FineWeb's, in the
 * order and with the thresholds in which datatrove publishes them.
 */
package io.kanana.data.filter.quality;
