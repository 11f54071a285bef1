/** Adapters of low rank (LoRA): their settings, and what they make of a model on disk. */
package io.kanana.posttrain.lora;
