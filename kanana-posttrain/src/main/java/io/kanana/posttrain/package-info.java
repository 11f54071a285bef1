/** Instruction and preference tuning, merging and adaptation. */
package io.kanana.posttrain;
