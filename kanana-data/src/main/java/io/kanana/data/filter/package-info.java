/**
 * The cascade: steps that keep, change or drop documents, in the order a configuration gives them.
 */
package io.kanana.data.filter;
