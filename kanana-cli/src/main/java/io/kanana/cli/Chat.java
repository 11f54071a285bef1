package io.kanana.cli;

import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.error.ConfigException;
import io.kanana.core.generate.TextGenerator;
import io.kanana.core.template.ChatMessage;
import io.kanana.core.template.ChatTemplate;
import io.kanana.core.template.ChatTokens;
import io.kanana.core.template.RenderOptions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * A conversation with a model. Used by one thread, but for {@link #interrupt}.
 *
 * <p>Every answer reads the whole conversation again, so its cost grows with the conversation.
 */
final class Chat {
  private final ModelDirectory model;
  private final ChatTemplate template;
  private final String system;
  private final TextGenerator.Options options;
  private final Clock clock;
  private final List<ChatMessage> messages = new ArrayList<>();
  private volatile boolean answering;
  private volatile boolean enough;

  /**
   * @param system what the model is told first, or null
   * @param clock for templates that state the date
   */
  Chat(
      ModelDirectory model,
      ChatTemplate template,
      String system,
      TextGenerator.Options options,
      Clock clock) {
    this.model = model;
    this.template = template;
    this.system = system;
    this.options = options;
    this.clock = clock;
    reset();
  }

  /** Forgets everything but the system message. */
  void reset() {
    messages.clear();
    if (system != null) {
      messages.add(ChatMessage.system(system));
    }
  }

  /**
   * Says something and waits for the answer, which becomes part of the conversation; a question
   * that cannot be answered does not.
   */
  String ask(String question, Consumer<String> pieces) {
    List<ChatMessage> asked = new ArrayList<>(messages);
    asked.add(ChatMessage.user(question));
    int[] prompt = prompt(asked);
    enough = false;
    answering = true;
    try {
      String answer = model.generator().stream(prompt, options, pieces, () -> enough).text();
      messages.add(ChatMessage.user(question));
      messages.add(ChatMessage.assistant(answer));
      return answer;
    } finally {
      answering = false;
    }
  }

  private int[] prompt(List<ChatMessage> asked) {
    RenderOptions rendering =
        model.withSpecialTokens(RenderOptions.at(clock)).withGenerationPrompt(true);
    int[] ids = ChatTokens.prompt(template.render(asked, rendering), model.tokenizer());
    int context = model.model().config().contextLength();
    if (ids.length >= context) {
      throw new ConfigException(
          "conversation",
          String.format(
              Locale.ROOT,
              "has %d tokens, but the context of the model is %d; /reset begins a new one",
              ids.length,
              context));
    }
    return ids;
  }

  /** Ends the answer under way, keeping what there is of it; false if there is none. */
  boolean interrupt() {
    boolean first = answering && !enough;
    enough = true;
    return first;
  }
}
