/**
 * Text to token ids and back: byte-level BPE, its training, and Hugging Face's {@code
 * tokenizer.json}.
 */
package io.kanana.core.tokenizer;
