/** Decoders of the Llama family: their shape, their weights and their forward pass. */
package io.kanana.core.model;
