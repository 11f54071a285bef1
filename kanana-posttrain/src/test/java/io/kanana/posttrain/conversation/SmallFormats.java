package io.kanana.posttrain.conversation;

import io.kanana.core.tokenizer.BpeTrainer;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.TokenizerConfig;
import java.util.ArrayList;
import java.util.List;

/** A small tokenizer with the special tokens of both templates of our own, and conversations. */
final class SmallFormats {
  static final List<String> SPECIALS =
      List.of(
          "<|begin_of_text|>",
          "<|end_of_text|>",
          "<|im_start|>",
          "<|im_end|>",
          "<|start_header_id|>",
          "<|end_header_id|>",
          "<|eot_id|>");

  static final BytePairTokenizer TOKENIZER = tokenizer(SPECIALS);
  static final TokenizerConfig CONFIG = TokenizerConfig.of(TOKENIZER);

  private SmallFormats() {}

  static BytePairTokenizer tokenizer(List<String> specials) {
    List<String> texts = List.of("user assistant system user assistant 안녕하세요 안녕 hello hello hell");
    return new BpeTrainer(new BpeTrainer.Config(290, specials))
        .withDocumentTokens(specials.get(0), specials.get(1))
        .train(texts.iterator(), 1);
  }

  static ChatFormat builtIn(BuiltInTemplate template) {
    return ChatFormat.of(template, TOKENIZER, CONFIG);
  }

  static ChatFormat of(String template) {
    return ChatFormat.of("t", template, TOKENIZER, CONFIG);
  }

  /** The same template as one that marks nothing. */
  static String unmarked(String template) {
    return template.replaceAll("\\{%- (end)?generation %\\}", "{%- if true %}{%- endif %}");
  }

  /** A conversation of texts, the user's first. */
  static Conversation talk(String... texts) {
    List<Message> messages = new ArrayList<>();
    for (String text : texts) {
      messages.add(Message.of(messages.size() % 2 == 0 ? Role.USER : Role.ASSISTANT, text));
    }
    return conversation(messages, List.of());
  }

  static Conversation conversation(List<Message> messages, List<Tool> tools) {
    try {
      return Conversation.of(messages, tools, Origin.UNKNOWN);
    } catch (BadConversationException e) {
      throw new AssertionError(e.reason() + ": " + e.detail(), e);
    }
  }

  /** The texts of the turns. */
  static List<String> turns(ConversationTokens tokens) {
    return tokens.turns().stream()
        .map(
            turn -> {
              int[] ids = new int[turn.to() - turn.from()];
              System.arraycopy(tokens.ids(), turn.from(), ids, 0, ids.length);
              return TOKENIZER.decode(ids, false);
            })
        .toList();
  }
}
