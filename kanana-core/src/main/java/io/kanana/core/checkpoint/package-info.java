/**
 * Models and other artefacts on disk: safetensors, Hugging Face directories, directories with a
 * manifest that appear whole or not at all, and the record of what a model cost.
 */
package io.kanana.core.checkpoint;
