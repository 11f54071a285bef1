/** Jobs that run one after the other, each on what those before it left. */
package io.kanana.core.pipeline;
