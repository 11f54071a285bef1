/** Text from a model: the cached forward pass, sampling, and stopping. */
package io.kanana.core.generate;
