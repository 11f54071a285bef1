/** Steps that look at a document's length, address, licence or name. */
package io.kanana.data.filter.basic;
