package io.kanana.posttrain.conversation;

import io.kanana.data.document.RejectedRecord;

/**
 * A conversation and where it stands.
 *
 * @param file as it was found; an entry of an archive after it
 * @param line of its record, from 1; of a table, the row
 */
public record FoundConversation(String file, long line, Conversation conversation) {
  /** Its record, which could be read and cannot be used. */
  public RejectedRecord rejected(BadConversationException e) {
    return new RejectedRecord(file, line, e.reason(), e.detail());
  }
}
