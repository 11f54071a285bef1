/**
 * Models made of other models' units: which unit comes from where, as data, and a stored model seen
 * through that. Depth up-scaling and pruning are both of this kind.
 */
package io.kanana.pretrain.reshape;
