/** Experiments: jobs in several arms and with several seeds, and which claims about them hold. */
package io.kanana.core.study;
