package io.kanana.posttrain.preference;

import io.kanana.core.checkpoint.HuggingFaceModel;
import io.kanana.core.error.ConfigException;
import io.kanana.core.error.DataException;
import io.kanana.core.template.ChatMessage;
import io.kanana.core.template.ChatTemplate;
import io.kanana.core.template.ChatTokens;
import io.kanana.core.template.RenderOptions;
import io.kanana.core.tokenizer.BytePairTokenizer;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.TokenizerConfig.Role;
import io.kanana.core.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Makes tokens of pairs as a model reads them: a conversation by its chat template up to the token
 * that ends the answer, a text that stands for itself between the tokens that begin and end
 * documents. Immutable.
 */
final class RewardEncoder {
  /** Templates that state the date are told the same one in every run. */
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC);

  private final Path directory;
  private final BytePairTokenizer tokenizer;
  private final List<String> specials;
  private final Optional<ChatTemplate> template;
  private final RenderOptions options;
  private final OptionalInt begin;
  private final OptionalInt end;

  private RewardEncoder(
      Path directory, BytePairTokenizer tokenizer, TokenizerConfig config, OptionalInt end) {
    this.directory = directory;
    this.tokenizer = tokenizer;
    this.specials =
        tokenizer.addedTokens().stream()
            .filter(token -> token.special())
            .map(token -> token.content())
            .toList();
    this.template =
        config
            .chatTemplate()
            .map(text -> ChatTemplate.parse("chat template of " + directory, text));
    this.options =
        RenderOptions.at(CLOCK)
            .withSpecialTokens(
                config.token(Role.BEGIN_OF_TEXT).orElse(null),
                config.token(Role.END_OF_TEXT).orElse(null));
    this.begin = config.tokenId(Role.BEGIN_OF_TEXT, tokenizer);
    this.end = end;
  }

  /** That of a model. */
  static RewardEncoder of(HuggingFaceModel model) {
    BytePairTokenizer tokenizer = Tokenizers.load(model.directory());
    TokenizerConfig config = Tokenizers.loadConfig(model.directory());
    OptionalInt own = config.tokenId(Role.END_OF_TEXT, tokenizer);
    OptionalInt end =
        own.isPresent()
            ? own
            : model.config().tokens().eos().stream().mapToInt(id -> id).findFirst();
    return new RewardEncoder(model.directory(), tokenizer, config, end);
  }

  BytePairTokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * The tokens of those pairs that can be used.
   *
   * @param longest the most tokens of a pair
   * @param faults is told of the others: {@code empty-answer}, {@code chosen-equals-rejected},
   *     {@code special-token-in-text}, {@code template-refuses}, {@code no-token-boundary}, {@code
   *     too-long}
   */
  List<Encoded> encode(List<RewardPair> pairs, int longest, RewardFaults faults) {
    List<Encoded> all = new ArrayList<>();
    for (RewardPair pair : pairs) {
      try {
        all.add(new Encoded(pair, encode(pair, longest)));
      } catch (Unusable e) {
        faults.add(e.reason, pair.id(), e.getMessage());
      }
    }
    return all;
  }

  /** A pair and its tokens. */
  record Encoded(RewardPair pair, PairTokens tokens) {}

  private PairTokens encode(RewardPair pair, int longest) throws Unusable {
    PairTokens tokens =
        new PairTokens(
            answer(pair.prompt(), pair.chosen()),
            answer(pair.prompt(), pair.rejected()),
            pair.margin());
    if (Arrays.equals(tokens.chosen().ids(), tokens.rejected().ids())) {
      throw new Unusable("chosen-equals-rejected", "both answers are the same");
    }
    if (tokens.length() > longest) {
      throw new Unusable("too-long", tokens.length() + " tokens of at most " + longest);
    }
    return tokens;
  }

  private AnswerTokens answer(List<ChatMessage> prompt, String answer) throws Unusable {
    if (answer.isBlank()) {
      throw new Unusable("empty-answer", "an answer is blank");
    }
    requireNoSpecials(answer);
    for (ChatMessage message : prompt) {
      requireNoSpecials(message.content());
    }
    return prompt.isEmpty() ? plain(answer) : conversation(prompt, answer);
  }

  private void requireNoSpecials(String text) throws Unusable {
    for (String special : specials) {
      if (text.contains(special)) {
        throw new Unusable("special-token-in-text", "a text spells " + special);
      }
    }
  }

  /** Without a token that begins documents the one that ends them stands before the text. */
  private AnswerTokens plain(String text) {
    int last = end.orElseThrow(this::withoutEnd);
    int[] body = tokenizer.encode(text, Specials.NONE);
    int[] ids = new int[body.length + 2];
    ids[0] = begin.orElse(last);
    System.arraycopy(body, 0, ids, 1, body.length);
    ids[ids.length - 1] = last;
    return new AnswerTokens(ids, 1);
  }

  private ConfigException withoutEnd() {
    return new ConfigException(
        "model", directory + " has no token that ends documents, whose state would be scored");
  }

  /** White space that a template writes behind the last token is left out. */
  private AnswerTokens conversation(List<ChatMessage> prompt, String answer) throws Unusable {
    ChatTemplate form = template.orElseThrow(this::withoutTemplate);
    List<ChatMessage> all = new ArrayList<>(prompt);
    all.add(ChatMessage.assistant(answer));
    try {
      int[] asked =
          ChatTokens.prompt(form.render(prompt, options.withGenerationPrompt(true)), tokenizer);
      String whole = form.render(all, options.withGenerationPrompt(false)).text();
      int[] ids = tokenizer.encode(whole.stripTrailing(), Specials.PARSE);
      if (ids.length <= asked.length || Arrays.mismatch(asked, ids) != asked.length) {
        throw new Unusable(
            "no-token-boundary", "the conversation does not begin with the prompt's tokens");
      }
      return new AnswerTokens(ids, asked.length);
    } catch (DataException e) {
      throw new Unusable("template-refuses", e.getMessage());
    }
  }

  private ConfigException withoutTemplate() {
    return new ConfigException(
        "model",
        directory
            + " has no chat template, which the pairs' prompts need; name a model that was tuned on"
            + " conversations");
  }

  /** Why a pair cannot be used. */
  private static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    Unusable(String reason, String detail) {
      super(detail, null, false, false);
      this.reason = reason;
    }
  }
}
