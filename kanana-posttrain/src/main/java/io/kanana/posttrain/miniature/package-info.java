/** Questions about the world of the miniature web, as conversations and as pairs. */
package io.kanana.posttrain.miniature;
