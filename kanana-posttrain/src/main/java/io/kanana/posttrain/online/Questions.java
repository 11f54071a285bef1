package io.kanana.posttrain.online;

import io.kanana.core.config.Check;
import io.kanana.core.error.DataException;
import io.kanana.data.document.Quarantine;
import io.kanana.data.document.QuarantineLog;
import io.kanana.data.shard.HeldOut;
import io.kanana.posttrain.conversation.BadConversationException;
import io.kanana.posttrain.conversation.BuiltInTemplate;
import io.kanana.posttrain.conversation.ChatFormat;
import io.kanana.posttrain.conversation.Conversation;
import io.kanana.posttrain.conversation.ConversationSource;
import io.kanana.posttrain.conversation.ConversationStream;
import io.kanana.posttrain.conversation.FoundConversation;
import io.kanana.posttrain.conversation.Message;
import io.kanana.posttrain.conversation.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All questions of a run in memory: of each conversation what stands before the assistant's last
 * message, each once. Whether one is held out follows from a digest of its text.
 *
 * @param train in the order in which they were read
 */
record Questions(List<Question> train, List<Question> heldOut) {
  /**
   * @param prompts conversations; what the assistant says last is the answer of the data
   * @param template takes the place of the model's own chat template; needed where it has none
   * @param heldOutShare of the questions, never trained on
   * @param maxPromptTokens a longer question is left out
   */
  public record Config(
      List<ConversationSource.Config> prompts,
      Optional<BuiltInTemplate> template,
      double heldOutShare,
      int maxPromptTokens) {
    public Config {
      Check.that(!prompts.isEmpty(), "prompts", "must name at least one source");
      Check.that(
          heldOutShare > 0 && heldOutShare < 1,
          "held-out-share",
          "must be above 0 and below 1, got %s",
          heldOutShare);
      Check.that(
          maxPromptTokens > 0, "max-prompt-tokens", "must be at least 1, got %s", maxPromptTokens);
    }
  }

  /**
   * Reads them.
   *
   * @param quarantine is told of those that are left out
   * @throws DataException if nothing is left to ask
   */
  static Questions read(Config config, ChatFormat format, QuarantineLog quarantine) {
    Reading reading = new Reading(config, format, quarantine);
    config.prompts().forEach(source -> reading.readAll(source.create()));
    if (reading.train.isEmpty() || reading.heldOut.isEmpty()) {
      List<String> reasons = quarantine.describe();
      throw new DataException(
          String.format(
              Locale.ROOT,
              "there must be questions to train on and to measure on, got %d and %d%s; give more"
                  + " prompts, or another held-out-share",
              reading.train.size(),
              reading.heldOut.size(),
              reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")"));
    }
    return new Questions(List.copyOf(reading.train), List.copyOf(reading.heldOut));
  }

  private static final class Reading {
    private final Config config;
    private final ChatFormat format;
    private final Quarantine quarantine;
    private final HeldOut side;
    private final Set<String> known = new HashSet<>();
    private final List<Question> train = new ArrayList<>();
    private final List<Question> heldOut = new ArrayList<>();

    Reading(Config config, ChatFormat format, Quarantine quarantine) {
      this.config = config;
      this.format = format;
      this.quarantine = quarantine;
      this.side = new HeldOut(config.heldOutShare());
    }

    void readAll(ConversationSource source) {
      try (ConversationStream stream = source.open(quarantine)) {
        for (FoundConversation found = stream.next(); found != null; found = stream.next()) {
          try {
            add(found.conversation());
          } catch (BadConversationException e) {
            quarantine.reject(found.rejected(e));
          }
        }
      }
    }

    private void add(Conversation conversation) throws BadConversationException {
      List<Message> messages = conversation.messages();
      int last = messages.size() - 1;
      boolean answered = messages.get(last).role() == Role.ASSISTANT;
      List<Message> asked = answered ? messages.subList(0, last) : messages;
      Optional<String> answer =
          answered ? Optional.of(messages.get(last).content()) : Optional.empty();
      String text =
          asked.stream()
              .map(message -> message.role().label() + "\n" + message.content())
              .collect(Collectors.joining("\n\n"));
      if (!known.add(text)) {
        throw new BadConversationException("asked-before", "the same question was read before");
      }
      Question question = new Question(asked, format.prompt(conversation, asked.size()), answer);
      requireShort(question);
      (side.contains(conversation.question()) ? heldOut : train).add(question);
    }

    private void requireShort(Question question) throws BadConversationException {
      if (question.ids().length > config.maxPromptTokens()) {
        throw new BadConversationException(
            "question-too-long",
            question.ids().length + " tokens, max-prompt-tokens is " + config.maxPromptTokens());
      }
    }
  }
}
