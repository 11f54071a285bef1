/** What is done to a model's answers before they are scored. */
package io.kanana.eval.filter;
