package io.kanana.posttrain.conversation;

import io.kanana.core.config.Shorthand;
import io.kanana.data.document.Quarantine;

/**
 * Conversations that can be read from their start any number of times, the same ones in the same
 * order.
 */
public interface ConversationSource {
  /**
   * Begins a pass.
   *
   * @param quarantine is told of every record that is left out, with file, line and reason
   * @throws io.kanana.core.error.DataException here or while reading, where a file is missing or
   *     corrupt
   */
  ConversationStream open(Quarantine quarantine);

  /** A source of a configuration. A plain string is the path of files. */
  @Shorthand(type = "files", key = "path")
  interface Config {
    ConversationSource create();
  }
}
