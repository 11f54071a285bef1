/**
 * Runs solutions of programming problems, which a model has written, against their tests: in a
 * sandbox that is tried before it is used, and refused where it does not hold.
 */
package io.kanana.eval.execute;
