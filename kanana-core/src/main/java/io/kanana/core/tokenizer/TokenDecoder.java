package io.kanana.core.tokenizer;

import io.kanana.core.error.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The {@code decoder} part of a tokenizer: tokens to text. Each is a stage that takes strings and
 * hands on what is certain, so whole texts and streams are decoded by the same code.
 */
sealed interface TokenDecoder {
  /** One decoding. */
  interface Stage {
    /** Takes the next string. */
    void accept(String token);

    /** No more strings come: hands on what was held back. */
    void finish();
  }

  /** A stage that hands its strings to {@code out}, for one decoding. */
  Stage open(Consumer<String> out);

  /** Characters of the {@link ByteAlphabet} to bytes to text; other tokens as they are. */
  record ByteLevel(boolean addPrefixSpace, boolean trimOffsets, boolean useRegex)
      implements TokenDecoder {
    @Override
    public Stage open(Consumer<String> out) {
      Utf8Stream bytes = new Utf8Stream();
      return new Stage() {
        @Override
        public void accept(String token) {
          bytes.addToken(token);
          handOn(bytes.take(), out);
        }

        @Override
        public void finish() {
          handOn(bytes.finish(), out);
        }
      };
    }

    private static void handOn(String text, Consumer<String> out) {
      if (!text.isEmpty()) {
        out.accept(text);
      }
    }
  }

  /** Replaces every match of a pattern in every token. */
  record Replace(SplitPattern pattern, String content) implements TokenDecoder {
    private static final int LONGEST_TOKEN = 1 << 20;

    @Override
    public Stage open(Consumer<String> out) {
      return stateless(token -> out.accept(replaced(token)));
    }

    private String replaced(String token) {
      StringBuilder result = new StringBuilder();
      char[] chars = token.toCharArray();
      pattern.find(
          chars,
          0,
          chars.length,
          (from, to, match) -> {
            if (result.length() > LONGEST_TOKEN) {
              throw new DataException(
                  "the tokenizer's decoder makes a token longer than "
                      + LONGEST_TOKEN
                      + " characters; use another tokenizer");
            }
            if (match) {
              result.append(content);
            } else {
              result.append(chars, from, to - from);
            }
          });
      return result.toString();
    }
  }

  /** Tokens {@code <0xXX>} to bytes to text; in a run that is not UTF-8 each byte is U+FFFD. */
  record ByteFallback() implements TokenDecoder {
    @Override
    public Stage open(Consumer<String> out) {
      return new ByteFallbackStage(out);
    }
  }

  /** Joins everything into one string, which here only matters to a {@link Strip} after it. */
  record Fuse() implements TokenDecoder {
    @Override
    public Stage open(Consumer<String> out) {
      return stateless(out);
    }
  }

  /**
   * Takes up to {@code start} characters off the beginning and up to {@code stop} off the end.
   *
   * @param fused whether of the whole text; otherwise of every token
   */
  record Strip(char content, int start, int stop, boolean fused) implements TokenDecoder {
    @Override
    public Stage open(Consumer<String> out) {
      if (!fused) {
        return stateless(token -> strip(token, out));
      }
      return new StripStage(content, start, stop, out);
    }

    private void strip(String token, Consumer<String> out) {
      StripStage stage = new StripStage(content, start, stop, out);
      stage.accept(token);
      stage.finish();
    }
  }

  /** The character of a {@link PreTokenizer.Metaspace} to spaces; none at the very beginning. */
  record Metaspace(char replacement, PreTokenizer.PrependScheme prepend, boolean split)
      implements TokenDecoder {
    @Override
    public Stage open(Consumer<String> out) {
      boolean[] first = {prepend != PreTokenizer.PrependScheme.NEVER};
      return stateless(
          token -> {
            String mark = String.valueOf(replacement);
            out.accept(token.replace(mark, first[0] ? "" : " "));
            first[0] = false;
          });
    }
  }

  /** What a tokenizer without a decoder does: tokens with a space between. */
  record Spaced() implements TokenDecoder {
    @Override
    public Stage open(Consumer<String> out) {
      boolean[] first = {true};
      return stateless(
          token -> {
            out.accept(first[0] ? token : " " + token);
            first[0] = false;
          });
    }
  }

  /** One after another. */
  record Sequence(List<TokenDecoder> decoders) implements TokenDecoder {
    public Sequence {
      decoders = List.copyOf(decoders);
    }

    @Override
    public Stage open(Consumer<String> out) {
      List<Stage> stages = new ArrayList<>();
      Consumer<String> next = out;
      for (TokenDecoder decoder : decoders.reversed()) {
        Stage stage = decoder.open(next);
        stages.addFirst(stage);
        next = stage::accept;
      }
      Consumer<String> first = next;
      return new Stage() {
        @Override
        public void accept(String token) {
          first.accept(token);
        }

        @Override
        public void finish() {
          stages.forEach(Stage::finish);
        }
      };
    }
  }

  private static Stage stateless(Consumer<String> accept) {
    return new Stage() {
      @Override
      public void accept(String token) {
        accept.accept(token);
      }

      @Override
      public void finish() {}
    };
  }
}
