/**
 * Pruning: importance of units, estimated on calibration text; plans that say which are kept; and
 * the job that goes from one to the other to a smaller checkpoint.
 */
package io.kanana.pretrain.prune;
