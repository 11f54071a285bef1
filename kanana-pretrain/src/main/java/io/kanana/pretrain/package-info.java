/** Pre-training in stages, depth up-scaling, pruning and distillation. */
package io.kanana.pretrain;
