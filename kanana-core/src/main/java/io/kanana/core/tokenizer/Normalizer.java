package io.kanana.core.tokenizer;

import java.util.List;

/** The {@code normalizer} part of a tokenizer: changes text before anything else looks at it. */
sealed interface Normalizer {
  /** The normalized form of {@code text[from, to)}. */
  Text normalize(Text text, int from, int to);

  /** One of Unicode's normalization forms. */
  record Unicode(java.text.Normalizer.Form form) implements Normalizer {
    @Override
    public Text normalize(Text text, int from, int to) {
      return UnicodeForms.normalize(form, text, from, to);
    }
  }

  /** Puts a string before every text that is not empty. */
  record Prepend(String prepend) implements Normalizer {
    @Override
    public Text normalize(Text text, int from, int to) {
      if (from == to) {
        return text.slice(from, to);
      }
      return text.prepended(prepend, from, to);
    }
  }

  /** Replaces every match of a pattern. */
  record Replace(SplitPattern pattern, String content) implements Normalizer {
    @Override
    public Text normalize(Text text, int from, int to) {
      Text.Builder builder = new Text.Builder(to - from, text.aligned());
      pattern.find(
          text.chars(),
          from,
          to,
          (start, end, match) -> {
            if (match) {
              builder.append(content, text, end - 1);
            } else {
              builder.append(text, start, end);
            }
          });
      return builder.build();
    }
  }

  /** One after another. */
  record Sequence(List<Normalizer> normalizers) implements Normalizer {
    public Sequence {
      normalizers = List.copyOf(normalizers);
    }

    @Override
    public Text normalize(Text text, int from, int to) {
      Text result = text.slice(from, to);
      for (Normalizer normalizer : normalizers) {
        result = normalizer.normalize(result, 0, result.chars().length);
        if (result.chars().length > Text.longest(to - from)) {
          throw Text.tooLong(to - from);
        }
      }
      return result;
    }
  }
}
