package io.kanana.posttrain.conversation;

/** One pass over conversations; for one thread. Closing it early releases its files. */
public interface ConversationStream extends AutoCloseable {
  /** The next conversation, or null at the end. */
  FoundConversation next();

  @Override
  void close();
}
