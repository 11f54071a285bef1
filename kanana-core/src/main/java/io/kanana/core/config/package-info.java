/** One strict tree per run: defaults, a file and overrides, bound once to validated records. */
package io.kanana.core.config;
