/** Values made with PyTorch and Hugging Face libraries: where they are, and how they are read. */
package io.kanana.core.golden;
