package io.kanana.core.tokenizer;

import java.util.OptionalInt;

/**
 * Text to token ids and back. Implementations are immutable and safe for use by many threads.
 *
 * <p>Ids are dense: {@code 0 <= id < vocabularySize()}.
 */
public interface Tokenizer {
  /** What an encoding does about special tokens such as {@code <|im_start|>}. */
  enum Specials {
    /**
     * Text that looks like a special token is ordinary text, and none is added: for documents and
     * for user input.
     */
    NONE,
    /** Special tokens in the text become their ids: for rendered chat templates. */
    PARSE,
    /**
     * As {@link #PARSE}, and the post-processor's own (a leading beginning-of-text, say) are added:
     * for prompts.
     */
    PARSE_AND_ADD
  }

  int vocabularySize();

  /** The ids of a text. A lone surrogate is encoded as U+FFFD. */
  int[] encode(String text, Specials specials);

  /** The ids of {@link #encode} and where each token comes from. */
  Encoding encodeWithOffsets(String text, Specials specials);

  /**
   * The text of some ids; bytes that are not UTF-8 become U+FFFD. Ids outside the vocabulary are
   * refused.
   */
  String decode(int[] ids, boolean skipSpecials);

  /**
   * A decoder that turns a stream of ids into pieces of text which never end inside a character.
   */
  IncrementalDecoder decoder(boolean skipSpecials);

  /** The id of a token by its exact name, special tokens included. */
  OptionalInt tokenId(String token);

  /** The id that begins every document, where the tokenizer has one. */
  OptionalInt beginOfText();

  /** The id that ends every document, where the tokenizer has one. */
  OptionalInt endOfText();
}
