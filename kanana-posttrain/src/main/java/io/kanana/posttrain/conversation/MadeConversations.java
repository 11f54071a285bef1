package io.kanana.posttrain.conversation;

import java.util.function.LongFunction;

/** Conversations that are made while they are read. For one thread. */
public final class MadeConversations implements ConversationStream {
  private final String source;
  private final long count;
  private final LongFunction<Conversation> maker;
  private long made;

  /**
   * @param source stands where others have the name of a file
   * @param count how many
   * @param maker makes that of an index, from 0
   */
  public MadeConversations(String source, long count, LongFunction<Conversation> maker) {
    this.source = source;
    this.count = count;
    this.maker = maker;
  }

  @Override
  public FoundConversation next() {
    if (made == count) {
      return null;
    }
    Conversation conversation = maker.apply(made++);
    return new FoundConversation(source, made, conversation);
  }

  @Override
  public void close() {}
}
