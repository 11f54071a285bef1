/**
 * Depth up-scaling: a deeper model out of a model's own layers, and the training that brings it
 * back (Kim et al., SOLAR, arXiv 2312.15166).
 */
package io.kanana.pretrain.upscale;
