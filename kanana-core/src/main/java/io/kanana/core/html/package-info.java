/** Pages for people to look at. */
package io.kanana.core.html;
