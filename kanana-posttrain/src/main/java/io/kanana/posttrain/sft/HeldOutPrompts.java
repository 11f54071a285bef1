package io.kanana.posttrain.sft;

import io.kanana.data.shard.HeldOut;
import io.kanana.posttrain.SampleAnswers.Prompt;
import io.kanana.posttrain.conversation.BadConversationException;
import io.kanana.posttrain.conversation.ChatFormat;
import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.ConversationData;
import io.kanana.posttrain.conversation.ConversationSource;
import io.kanana.posttrain.conversation.ConversationStream;
import io.kanana.posttrain.conversation.FoundConversation;
import io.kanana.posttrain.conversation.Message;
import io.kanana.posttrain.conversation.Role;
import java.util.ArrayList;
import java.util.List;

/** The first questions of held-out conversations, of every domain as many. */
final class HeldOutPrompts {
  private HeldOutPrompts() {}

  /**
   * @param longest a prompt of more tokens is not asked
   */
  static List<Prompt> of(ConversationData data, ChatFormat format, int count, int longest) {
    HeldOut side = new HeldOut(data.heldOutShare());
    int domains = data.domains().size();
    List<Prompt> prompts = new ArrayList<>();
    int number = 0;
    for (ConversationData.Domain domain : data.domains().values()) {
      number++;
      int most = count * number / domains;
      for (ConversationSource.Config source : domain.conversations()) {
        add(source.create(), format, side, most, longest, prompts);
      }
    }
    return prompts;
  }

  private static void add(
      ConversationSource source,
      ChatFormat format,
      HeldOut side,
      int most,
      int longest,
      List<Prompt> prompts) {
    if (prompts.size() >= most) {
      return;
    }
    try (ConversationStream stream = source.open(_ -> {})) {
      for (FoundConversation found = stream.next();
          found != null && prompts.size() < most;
          found = stream.next()) {
        if (side.contains(found.conversation().question())) {
          addFirst(found.conversation(), format, longest, prompts);
        }
      }
    }
  }

  /** What stands before the assistant's first message; one that cannot be written is not asked. */
  private static void addFirst(
      Conversation conversation, ChatFormat format, int longest, List<Prompt> prompts) {
    List<Message> messages = conversation.messages();
    int asked = 0;
    while (asked < messages.size() && messages.get(asked).role() != Role.ASSISTANT) {
      asked++;
    }
    if (asked == messages.size()) {
      return; // the assistant says nothing, which was named when the tokens were made
    }
    try {
      int[] ids = format.prompt(conversation, asked);
      if (ids.length <= longest) {
        prompts.add(new Prompt(messages.get(asked - 1).content(), ids));
      }
    } catch (BadConversationException _) {
      // it was counted and named when the tokens were made
    }
  }
}
