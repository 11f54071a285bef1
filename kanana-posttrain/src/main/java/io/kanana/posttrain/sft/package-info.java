/** Learning from conversations: supervised fine-tuning, of all weights or of adapters. */
package io.kanana.posttrain.sft;
