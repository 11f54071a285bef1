package io.kanana.data.filter.run;

import io.kanana.data.document.Document;

/**
 * A document on its way through the cascade, with what statistics need of it.
 *
 * @param domain the host of its address, or empty
 * @param language what its metadata say, or empty
 */
record Traveller(Document document, long bytes, long tokens, String domain, String language) {}
