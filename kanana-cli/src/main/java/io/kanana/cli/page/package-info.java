/** The page of a run: what {@code kanana report} draws from what jobs left, and nothing else. */
package io.kanana.cli.page;
