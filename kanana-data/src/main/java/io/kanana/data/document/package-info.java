/** Raw documents: where they come from, and what becomes of records that cannot be read. */
package io.kanana.data.document;
