/**
 * The back end {@code nd4j}: ND4J's own operations and nothing else, so that the same code runs
 * wherever one of ND4J's own back ends does.
 */
package io.kanana.core.tensor.nd4j;
