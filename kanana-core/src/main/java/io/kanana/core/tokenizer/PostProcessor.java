package io.kanana.core.tokenizer;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** The {@code post_processor} part of a tokenizer: what happens to the tokens of a whole text. */
sealed interface PostProcessor {
  /**
   * Returns the tokens after processing.
   *
   * @param addSpecials whether special tokens are added
   * @param tokens the token of an id
   */
  TokenSink process(TokenSink sink, boolean addSpecials, IntFunction<String> tokens);

  /** Takes white space out of the offsets of byte-level tokens if {@code trimOffsets}. */
  record ByteLevel(boolean addPrefixSpace, boolean trimOffsets, boolean useRegex)
      implements PostProcessor {
    @Override
    public TokenSink process(TokenSink sink, boolean addSpecials, IntFunction<String> tokens) {
      for (int i = 0; trimOffsets && sink.offsets() && i < sink.ids.size(); i++) {
        trim(sink, i, tokens.apply(sink.ids.get(i)));
      }
      return sink;
    }

    private void trim(TokenSink sink, int i, String token) {
      int leading = 0;
      while (leading < token.length() && isSpace(token.charAt(leading))) {
        leading++;
      }
      int trailing = 0;
      while (trailing < token.length() && isSpace(token.charAt(token.length() - 1 - trailing))) {
        trailing++;
      }
      int start = sink.starts.get(i);
      int end = sink.ends.get(i);
      if (leading == 1 && addPrefixSpace && (i == 0 || start == 0)) {
        leading = 0; // the space that was put before the text: it has no place there
      }
      start = Math.min(start + leading, end);
      sink.starts.set(i, start);
      if (end >= trailing) {
        sink.ends.set(i, Math.max(end - trailing, start));
      }
    }

    private static boolean isSpace(char c) {
      return c == ByteAlphabet.charOf(' ') || CharClasses.isSpace(c);
    }
  }

  /**
   * Puts special tokens around the text.
   *
   * @param single what a text becomes
   * @param pair what two texts become; kept for other programs
   * @param specials the special tokens that the two name
   */
  record Template(List<Part> single, List<Part> pair, Map<String, Special> specials)
      implements PostProcessor {
    public Template {
      single = List.copyOf(single);
      pair = List.copyOf(pair);
      specials = Map.copyOf(specials);
    }

    @Override
    public TokenSink process(TokenSink sink, boolean addSpecials, IntFunction<String> tokens) {
      if (!addSpecials) {
        return sink;
      }
      TokenSink result = new TokenSink(sink.ids.size() + single.size(), sink.offsets());
      for (Part part : single) {
        if (part.special()) {
          specials.get(part.id()).ids().forEach(result::added);
        } else {
          result.addAll(sink);
        }
      }
      return result;
    }
  }

  /** One element of a template: a special token by name, or the text {@code A} or {@code B}. */
  record Part(boolean special, String id, int typeId) {}

  /** The ids and tokens that a name in a template stands for. */
  record Special(List<Integer> ids, List<String> tokens) {
    public Special {
      ids = List.copyOf(ids);
      tokens = List.copyOf(tokens);
    }
  }

  /** One after another. */
  record Sequence(List<PostProcessor> processors) implements PostProcessor {
    public Sequence {
      processors = List.copyOf(processors);
    }

    @Override
    public TokenSink process(TokenSink sink, boolean addSpecials, IntFunction<String> tokens) {
      TokenSink result = sink;
      for (PostProcessor processor : processors) {
        result = processor.process(result, addSpecials, tokens);
      }
      return result;
    }
  }
}
