package io.kanana.posttrain.preference;

import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.error.ConfigException;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.TokenizerConfig.Role;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.posttrain.conversation.BadConversationException;
import io.kanana.posttrain.conversation.BuiltInTemplate;
import io.kanana.posttrain.conversation.ChatFormat;
import io.kanana.posttrain.conversation.Conversation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Makes tokens of pairs as a model reads them: a conversation by its chat template up to the token
 * that ends the answer, a text that stands for itself between the tokens that begin and end
 * documents. The template is looked for when the first conversation comes. For one thread.
 */
final class RewardEncoder {
  private final Path directory;
  private final Optional<BuiltInTemplate> template;
  private final BytePairTokenizer tokenizer;
  private final TokenizerConfig config;
  private final List<String> specials;
  private final OptionalInt end;
  private Optional<ChatFormat> format = Optional.empty();

  /**
   * That of a model.
   *
   * @param template takes the place of the model's own
   */
  RewardEncoder(HuggingFaceModel model, Optional<BuiltInTemplate> template) {
    this.directory = model.directory();
    this.template = template;
    this.tokenizer = Tokenizers.load(directory);
    this.config = Tokenizers.loadConfig(directory);
    this.specials =
        tokenizer.addedTokens().stream()
            .filter(token -> token.special())
            .map(token -> token.content())
            .toList();
    OptionalInt own = config.tokenId(Role.END_OF_TEXT, tokenizer);
    this.end =
        own.isPresent()
            ? own
            : model.config().tokens().eos().stream().mapToInt(id -> id).findFirst();
  }

  BytePairTokenizer tokenizer() {
    return tokenizer;
  }

  /** The tokenizer's config with the template that conversations were written by, if there were. */
  TokenizerConfig config() {
    return format.map(ChatFormat::config).orElse(config);
  }

  /**
   * The tokens of a pair.
   *
   * @throws BadConversationException if it cannot be used: {@code empty-answer}, {@code
   *     chosen-equals-rejected}, {@code special-token-in-text}, {@code longer-than-a-row}, {@code
   *     longer-than-the-context}, or as {@link ChatFormat#tokens} says
   * @throws ConfigException if there is no template for a conversation, or no token that ends a
   *     text
   */
  PairTokens encode(RewardPair pair, PairLimits limits) throws BadConversationException {
    return encode(pair).usable(limits);
  }

  private PairTokens encode(RewardPair pair) throws BadConversationException {
    if (pair.conversations().isPresent()) {
      PreferencePair both = pair.conversations().get();
      return new PairTokens(answer(both.chosen()), answer(both.rejected()), pair.margin());
    }
    return new PairTokens(plain(pair.chosen()), plain(pair.rejected()), pair.margin());
  }

  private AnswerTokens answer(Conversation conversation) throws BadConversationException {
    if (format.isEmpty()) {
      format = Optional.of(chatFormat());
    }
    return AnswerTokens.of(format.get().tokens(conversation));
  }

  private ChatFormat chatFormat() {
    try {
      return ChatFormat.open(directory, template);
    } catch (ConfigException e) {
      throw e.below("data");
    }
  }

  /** Without a token that begins documents the one that ends them stands before the text. */
  private AnswerTokens plain(String text) throws BadConversationException {
    requirePlain(text);
    int last = end.orElseThrow(this::withoutEnd);
    int[] body = tokenizer.encode(text, Specials.NONE);
    int[] ids = new int[body.length + 2];
    ids[0] = config.tokenId(Role.BEGIN_OF_TEXT, tokenizer).orElse(last);
    System.arraycopy(body, 0, ids, 1, body.length);
    ids[ids.length - 1] = last;
    return new AnswerTokens(ids, 1);
  }

  private void requirePlain(String text) throws BadConversationException {
    if (text.isBlank()) {
      throw new BadConversationException("empty-answer", "a text is blank");
    }
    for (String special : specials) {
      if (text.contains(special)) {
        throw new BadConversationException("special-token-in-text", "a text spells " + special);
      }
    }
  }

  private ConfigException withoutEnd() {
    return new ConfigException(
        "model", directory + " has no token that ends documents, whose state would be scored");
  }
}
