/**
 * Tensors, autograd, layers, model, tokenizer, optimizer, trainer, checkpoint, generation and
 * configuration.
 */
package io.kanana.core;
