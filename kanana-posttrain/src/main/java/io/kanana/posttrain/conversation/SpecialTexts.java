package io.kanana.posttrain.conversation;

import io.kanana.core.tokenizer.AddedToken;
import io.kanana.core.tokenizer.BytePairTokenizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The special tokens of a tokenizer, and whether what somebody says spells one: the tokenizer could
 * not tell it from the template's own, so that a message could end a turn or speak for another
 * role.
 */
final class SpecialTexts {
  private final List<String> texts = new ArrayList<>();
  private final BitSet firsts = new BitSet();
  private final BitSet ids = new BitSet();

  SpecialTexts(BytePairTokenizer tokenizer) {
    for (AddedToken token : tokenizer.addedTokens()) {
      if (token.special()) {
        texts.add(token.content());
        firsts.set(token.content().charAt(0));
        ids.set(token.id());
      }
    }
  }

  BitSet ids() {
    return ids;
  }

  /**
   * @throws BadConversationException if a text of a conversation spells a special token
   */
  void requireNone(Conversation conversation) throws BadConversationException {
    for (Message message : conversation.messages()) {
      requireNone(message.fields());
    }
    for (Tool tool : conversation.tools()) {
      requireNone(tool.function());
    }
  }

  private void requireNone(Object value) throws BadConversationException {
    switch (value) {
      case String text -> requireNone(text);
      case Map<?, ?> map -> {
        requireNone(map.keySet());
        requireNone(map.values());
      }
      case Collection<?> all -> {
        for (Object element : all) {
          requireNone(element);
        }
      }
      case null, default -> {
        // numbers and the like spell none
      }
    }
  }

  private void requireNone(String text) throws BadConversationException {
    for (int i = 0; i < text.length(); i++) {
      if (firsts.get(text.charAt(i))) {
        for (String special : texts) {
          if (text.startsWith(special, i)) {
            throw new BadConversationException(
                "special-token-in-text", "a text holds " + special + " of the tokenizer");
          }
        }
      }
    }
  }
}
