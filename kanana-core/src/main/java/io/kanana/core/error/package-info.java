/** The five kinds of failure that are not our bug, each with its exit code. */
package io.kanana.core.error;
