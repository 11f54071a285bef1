/** Asks language models that are served elsewhere: as scorers of documents, as judges. */
package io.kanana.core.chat;
