/** The kanana command: the only place where everything meets. */
package io.kanana.cli;
