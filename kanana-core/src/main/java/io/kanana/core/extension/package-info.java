/** Open parts of a configuration, chosen by a type name and found through the service loader. */
package io.kanana.core.extension;
