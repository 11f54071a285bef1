/** Which language a document is in, and keeping those of some languages. */
package io.kanana.data.filter.language;
