/** Randomness as a pure function of a key: nothing ambient, nothing to save but a number. */
package io.kanana.core.random;
