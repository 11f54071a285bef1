package io.kanana.posttrain.conversation;

import java.util.Map;
import java.util.Optional;

/**
 * How a record holds a conversation. In every form, fields that are not named here are passed over;
 * {@code tools} (or {@code functions}) are functions as OpenAI's interface describes them, as a
 * list or as the JSON text of one; {@code source}, {@code domain} or {@code category}, and {@code
 * licence} or {@code license} say where it comes from; and a system message that is blank is none.
 */
public enum RecordForm {
  /** The one whose field the record has: {@code messages}, {@code conversations}, or neither. */
  AUTO {
    @Override
    Conversation parse(Fields record) throws BadConversationException {
      if (record.has("messages")) {
        return MESSAGES.parse(record);
      }
      if (record.has("conversations")) {
        return SHAREGPT.parse(record);
      }
      if (record.has("instruction")) {
        return ALPACA.parse(record);
      }
      throw new BadConversationException(
          "unknown-form",
          "has none of 'messages', 'conversations' and 'instruction', but "
              + record.values().keySet());
    }
  },
  /**
   * {@code messages} as OpenAI's interface has them: {@code role} ({@code system} or {@code
   * developer}, {@code user}, {@code assistant}, {@code tool} or {@code function}), {@code content}
   * (text, or parts of type {@code text}), {@code tool_calls} (or the older {@code function_call}),
   * {@code tool_call_id}, {@code name}, and the assistant's {@code reasoning_content}, {@code
   * reasoning} or {@code thinking}. A message with a {@code weight} other than 1 is refused: what
   * it asks for is not offered.
   */
  MESSAGES {
    @Override
    Conversation parse(Fields record) throws BadConversationException {
      return new MessagesForm(record).conversation();
    }
  },
  /**
   * {@code conversations} of {@code from} and {@code value}, where {@code from} is {@code human} or
   * {@code user}; {@code gpt}, {@code assistant}, {@code chatgpt}, {@code bing}, {@code bard},
   * {@code bot} or {@code model}; {@code system}; {@code tool}, {@code observation} or {@code
   * function_response}; or {@code function_call}, whose value is the JSON of a call or of a list of
   * calls. A field {@code system} beside it is a system message before all others.
   */
  SHAREGPT {
    @Override
    Conversation parse(Fields record) throws BadConversationException {
      return new ShareGptForm(record).conversation();
    }
  },
  /**
   * {@code instruction}, {@code input} (after a blank line), {@code output}, and perhaps {@code
   * system} and {@code history}, a list of pairs that were said before.
   */
  ALPACA {
    @Override
    Conversation parse(Fields record) throws BadConversationException {
      return new AlpacaForm(record).conversation();
    }
  };

  abstract Conversation parse(Fields record) throws BadConversationException;

  /**
   * The conversation of a record.
   *
   * @param record the fields of a JSON object
   * @throws BadConversationException if it is not of this form, or breaks a rule of {@link
   *     Conversation}
   */
  public Conversation parse(Map<String, Object> record) throws BadConversationException {
    return parse(new Fields("the record", record));
  }

  static Origin origin(Fields record) {
    return new Origin(
        first(record, "source"),
        first(record, "domain", "category"),
        first(record, "licence", "license"));
  }

  private static Optional<String> first(Fields record, String... names) {
    for (String name : names) {
      if (record.get(name) instanceof String text && !text.isBlank()) {
        return Optional.of(text);
      }
    }
    return Optional.empty();
  }
}
