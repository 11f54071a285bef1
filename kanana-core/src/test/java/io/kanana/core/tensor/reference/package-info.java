/** The oracle: every operation as plain loops in double. */
package io.kanana.core.tensor.reference;
