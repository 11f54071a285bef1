/**
 * A small bilingual web over one world of facts, so that a fresh machine has something to train on
 * and something to ask.
 */
package io.kanana.data.miniature;
