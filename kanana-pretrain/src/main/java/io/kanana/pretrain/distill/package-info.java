/**
 * Distillation: a student learns the distributions of a teacher (Hinton et al., arXiv 1503.02531),
 * which computes beside it or left them behind.
 */
package io.kanana.pretrain.distill;
