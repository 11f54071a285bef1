package io.kanana.posttrain.preference;

import io.kanana.core.config.Shorthand;
import io.kanana.data.document.Quarantine;
import io.kanana.posttrain.conversation.BadConversationException;

/** Pairs that can be read from their start any number of times, the same ones in the same order. */
@FunctionalInterface
public interface PreferenceSource {
  /** Whoever wants the pairs. */
  @FunctionalInterface
  interface Taker {
    /**
     * @throws BadConversationException if it cannot use this pair, which is then left out
     */
    void take(PreferencePair pair) throws BadConversationException;
  }

  /**
   * Reads all of them.
   *
   * @param quarantine is told of every record that is left out, with file, line and reason
   * @throws io.kanana.core.error.DataException where a file is missing or corrupt
   */
  void read(Quarantine quarantine, Taker taker);

  /** A source of a configuration. A plain string is the path of files. */
  @Shorthand(type = "files", key = "path")
  interface Config {
    PreferenceSource create();
  }
}
