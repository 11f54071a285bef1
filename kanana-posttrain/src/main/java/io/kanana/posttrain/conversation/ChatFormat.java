package io.kanana.posttrain.conversation;

import io.kanana.core.checkpoint.Sha256;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.template.ChatTemplate;
import io.kanana.core.template.ChatTokens;
import io.kanana.core.template.Refusal;
import io.kanana.core.template.RenderOptions;
import io.kanana.core.template.Rendered;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Encoding;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.posttrain.conversation.ConversationTokens.Turn;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a model reads conversations: its tokenizer and its chat template. Which tokens are trained on
 * follows from the template's {@code generation} blocks, or, in a template that has none, from the
 * tree of messages ({@link PrefixTurns}); never from looking for something in the text. They are
 * exactly the assistant's and the special token that ends its turn; white space behind that is not
 * among them, and where one of the two cannot be told, nothing is made of the conversation.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class ChatFormat {
  /** Templates that state the date are told the same one in every run. */
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC);

  private final String template;
  private final ChatTemplate parsed;
  private final BytePairTokenizer tokenizer;
  private final TokenizerConfig config;
  private final RenderOptions options;
  private final SpecialTexts specials;

  private ChatFormat(
      String name, String template, BytePairTokenizer tokenizer, TokenizerConfig config) {
    this.template = template;
    this.parsed = ChatTemplate.parse(name, template);
    this.tokenizer = tokenizer;
    this.config = config;
    this.options =
        RenderOptions.at(CLOCK)
            .withSpecialTokens(
                config.token(TokenizerConfig.Role.BEGIN_OF_TEXT).orElse(null),
                config.token(TokenizerConfig.Role.END_OF_TEXT).orElse(null));
    this.specials = new SpecialTexts(tokenizer);
  }

  /**
   * Of a tokenizer and a template.
   *
   * @param name where the template comes from, for messages
   * @param config says which tokens begin and end documents, to the template
   * @throws CheckpointException if the text is no template
   */
  public static ChatFormat of(
      String name, String template, BytePairTokenizer tokenizer, TokenizerConfig config) {
    return new ChatFormat(name, template, tokenizer, config);
  }

  /**
   * Of a tokenizer and a template of our own.
   *
   * @throws ConfigException if the tokenizer lacks a token of the template
   */
  public static ChatFormat of(
      BuiltInTemplate builtIn, BytePairTokenizer tokenizer, TokenizerConfig config) {
    builtIn.requireTokens(tokenizer, config);
    return of("template " + builtIn.label(), builtIn.text(), tokenizer, config);
  }

  /**
   * That of a model or tokenizer in a directory.
   *
   * @param builtIn takes the place of the model's own template
   * @throws ConfigException if there is no template, or the tokenizer lacks one of its tokens
   * @throws CheckpointException if something in the directory cannot be read
   */
  public static ChatFormat open(Path directory, Optional<BuiltInTemplate> builtIn) {
    BytePairTokenizer tokenizer = Tokenizers.load(directory);
    TokenizerConfig config = Tokenizers.loadConfig(directory);
    return builtIn.isPresent()
        ? of(builtIn.get(), tokenizer, config)
        : of(
            directory.resolve(Tokenizers.CHAT_TEMPLATE).toString(),
            config.chatTemplate().orElseThrow(() -> withoutTemplate(directory)),
            tokenizer,
            config);
  }

  private static ConfigException withoutTemplate(Path directory) {
    return new ConfigException(
        "template",
        "must be one of "
            + BuiltInTemplate.labels()
            + ", since "
            + directory
            + " has no chat template");
  }

  public BytePairTokenizer tokenizer() {
    return tokenizer;
  }

  /** The tokenizer's config with this chat template, as it belongs to a model trained with it. */
  public TokenizerConfig config() {
    return config.withChatTemplate(template);
  }

  /** What tokens depend on besides the conversation, as a short hexadecimal digest. */
  public String fingerprint() {
    String all =
        Sha256.of(Tokenizers.toJson(tokenizer)) + " " + Sha256.of(Tokenizers.toJson(config()));
    return Sha256.of(all.getBytes(StandardCharsets.UTF_8)).substring(0, 32);
  }

  /**
   * The tokens of a conversation.
   *
   * @throws BadConversationException if the assistant says nothing ({@code no-assistant-message}),
   *     if the template does not take this conversation ({@code template-refuses}, {@code
   *     template-does-not-fit}), if a text spells a special token ({@code special-token-in-text}),
   *     if a token holds both the beginning of an answer and what stands before it ({@code
   *     no-token-boundary}), or if nothing of it is trained on ({@code nothing-trained-on})
   * @throws CheckpointException if the template breaks a limit, or does not tell what the assistant
   *     says, or does not end it with a special token
   */
  public ConversationTokens tokens(Conversation conversation) throws BadConversationException {
    if (answers(conversation) == 0) {
      throw new BadConversationException(
          "no-assistant-message", conversation.messages().size() + " messages");
    }
    specials.requireNone(conversation);
    Rendered rendered = render(conversation, conversation.messages().size(), false);
    Encoding encoding = tokenizer.encodeWithOffsets(rendered.text(), Specials.PARSE);
    RenderedText text = new RenderedText(rendered.text(), encoding, specials.ids());
    List<Turn> turns =
        rendered.marked()
            ? marked(rendered, encoding, text, conversation)
            : new PrefixTurns(
                    conversation,
                    (messages, prompt) -> render(conversation, messages, prompt).text(),
                    rendered.text())
                .find(text);
    if (turns.isEmpty()) {
      throw new BadConversationException(
          "nothing-trained-on", "the chat template marks nothing as said by the assistant");
    }
    return new ConversationTokens(encoding.ids(), turns);
  }

  /**
   * The ids that the assistant answers: the first messages of a conversation and the prompt to
   * answer.
   *
   * @param messages how many, at least 1
   */
  public int[] prompt(Conversation conversation, int messages) throws BadConversationException {
    specials.requireNone(conversation);
    return ChatTokens.prompt(render(conversation, messages, true), tokenizer);
  }

  private Rendered render(Conversation conversation, int messages, boolean prompt)
      throws BadConversationException {
    RenderOptions all = options.withGenerationPrompt(prompt).withTools(conversation.toolFields());
    try {
      return parsed.render(conversation.fields(messages), all);
    } catch (DataException e) {
      boolean refused = e.getCause() instanceof Refusal;
      throw new BadConversationException(
          refused ? "template-refuses" : "template-does-not-fit", e.getMessage());
    }
  }

  private static List<Turn> marked(
      Rendered rendered, Encoding encoding, RenderedText text, Conversation conversation)
      throws BadConversationException {
    boolean[] said = said(rendered, encoding);
    List<Turn> turns = new ArrayList<>();
    for (int from = 0; from < said.length; from++) {
      int to = from;
      while (to < said.length && said[to]) {
        to++;
      }
      if (to > from) {
        turns.add(text.turnOfTokens(from, to));
        from = to;
      }
    }
    requireNoMore(turns.size(), conversation);
    return turns;
  }

  private static boolean[] said(Rendered rendered, Encoding encoding)
      throws BadConversationException {
    try {
      return ChatTokens.of(rendered, encoding).assistant();
    } catch (DataException e) {
      throw new BadConversationException("no-token-boundary", e.getMessage());
    }
  }

  private static void requireNoMore(int turns, Conversation conversation) {
    long answers = answers(conversation);
    if (turns > answers) {
      throw new CheckpointException(
          "the chat template marks "
              + turns
              + " texts as said by the assistant in a conversation with "
              + answers
              + " messages of the assistant; it must mark each at most once, and no other");
    }
  }

  private static long answers(Conversation conversation) {
    return conversation.messages().stream()
        .filter(message -> message.role() == Role.ASSISTANT)
        .count();
  }
}
