package io.kanana.eval.model;

import io.kanana.core.checkpoint.ModelDirectory;
import io.kanana.core.error.CheckpointException;
import io.kanana.core.error.DataException;
import io.kanana.core.template.RenderOptions;
import io.kanana.core.tokenizer.Tokenizer;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import io.kanana.core.tokenizer.TokenizerConfig;
import io.kanana.core.tokenizer.TokenizerConfig.Role;
import io.kanana.core.tokenizer.Tokenizers;
import io.kanana.eval.request.Request;
import io.kanana.eval.request.Spaces;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Makes tokens of requests as lm-evaluation-harness does. Special tokens in a text are recognised,
 * and those of the tokenizer's post-processor are added unless the text begins with the token that
 * begins documents.
 *
 * <p>White space at the end of a context belongs to the continuation; the continuation's tokens are
 * those of the whole text after as many as the context alone has. Not safe for use by several
 * threads.
 */
final class PromptEncoder {
  /** Context and continuation, both at least one token. */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Pair(int[] context, int[] continuation) {}

  private final Tokenizer tokenizer;
  private final String beginning;
  private final int prefix;
  private String lastContext = "";
  private int[] lastIds = {};

  /**
   * @param source whose tokenizer it is, for messages
   * @param begin the text of the token that begins documents, or null
   * @param end the text of the token that ends documents, or null
   * @throws CheckpointException if there is neither
   */
  PromptEncoder(Path source, Tokenizer tokenizer, String begin, String end) {
    this.tokenizer = tokenizer;
    OptionalInt beginId = id(begin, tokenizer.beginOfText());
    OptionalInt endId = id(end, tokenizer.endOfText());
    this.prefix =
        beginId.orElseGet(
            () ->
                endId.orElseThrow(
                    () ->
                        new CheckpointException(
                            source
                                + ": the tokenizer has no token that begins or ends documents; one is needed before a text whose context is empty")));
    this.beginning = tokenizer.decode(new int[] {prefix}, false);
  }

  static PromptEncoder of(ModelDirectory directory) {
    RenderOptions options =
        directory.withSpecialTokens(RenderOptions.at(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)));
    return new PromptEncoder(
        directory.directory(), directory.tokenizer(), options.bosToken(), options.eosToken());
  }

  /** That of a directory with a tokenizer, where there need not be a model. */
  static PromptEncoder of(Path directory) {
    TokenizerConfig config = Tokenizers.loadConfig(directory);
    return new PromptEncoder(
        directory,
        Tokenizers.load(directory),
        config.token(Role.BEGIN_OF_TEXT).orElse(null),
        config.token(Role.END_OF_TEXT).orElse(null));
  }

  private OptionalInt id(String name, OptionalInt otherwise) {
    OptionalInt named = name == null ? OptionalInt.empty() : tokenizer.tokenId(name);
    return named.isPresent() ? named : otherwise;
  }

  /** The token that stands for an empty context. */
  int prefix() {
    return prefix;
  }

  int[] encode(String text) {
    boolean begun = text.startsWith(beginning);
    return tokenizer.encode(text, begun ? Specials.PARSE : Specials.PARSE_AND_ADD);
  }

  /**
   * The tokens of a request.
   *
   * @throws DataException if the continuation has none
   */
  Pair encode(Request.LogLikelihood request) {
    String context = Spaces.stripEnd(request.context());
    String whole = request.context() + request.continuation();
    int[] begin = ofContext(context);
    if (begin.length == 0) {
      return afterNothing(request, tokenizer.encode(whole, Specials.PARSE));
    }
    int[] all = encode(whole);
    return pair(
        request, begin, Arrays.copyOfRange(all, Math.min(begin.length, all.length), all.length));
  }

  /** The choices of a question come one after the other with the same context. */
  private int[] ofContext(String context) {
    if (!context.equals(lastContext)) {
      lastIds = encode(context);
      lastContext = context;
    }
    return lastIds;
  }

  private Pair afterNothing(Request.LogLikelihood request, int[] tokens) {
    boolean begun = tokens.length > 1 && tokens[0] == prefix;
    return begun
        ? pair(request, Arrays.copyOf(tokens, 1), Arrays.copyOfRange(tokens, 1, tokens.length))
        : pair(request, new int[] {prefix}, tokens);
  }

  private static Pair pair(Request.LogLikelihood request, int[] context, int[] continuation) {
    if (continuation.length == 0) {
      throw new DataException(
          "the continuation \""
              + request.continuation()
              + "\" has no tokens, so it has no probability; give each choice a text that the tokenizer knows");
    }
    return new Pair(context, continuation);
  }
}
