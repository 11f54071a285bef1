/**
 * Text as filters see it: words, sentences, lines and what repeats among them, as spans of
 * characters rather than strings, so that a document costs no garbage.
 */
package io.kanana.data.text;
