/**
 * Learning from answers of one's own: a policy's answers are sampled, scored, and the best and the
 * worst of each prompt become a pair (online DPO); and the best of N.
 */
package io.kanana.posttrain.online;
