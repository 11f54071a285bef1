/** Markup to text: HTML pages to their main text, wikitext and LaTeX to readable paragraphs. */
package io.kanana.data.extract;
