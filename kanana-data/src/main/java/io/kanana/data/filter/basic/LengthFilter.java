package io.kanana.data.filter.basic;

import io.kanana.core.config.Check;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.Verdict;
import java.util.List;
import java.util.OptionalLong;

/**
 * Drops documents that are too short or too long: {@code too-few-characters}, {@code
 * too-many-characters}, {@code too-few-bytes}, {@code too-many-bytes}, each with the length.
 *
 * @param config the bounds
 */
public record LengthFilter(Config config) implements DataFilter {
  /**
   * Bounds, each of which may be absent; the bounds themselves are kept.
   *
   * @param minCharacters of Unicode, a supplementary one counting once
   * @param maxCharacters the same
   * @param minBytes of UTF-8
   * @param maxBytes the same
   */
  public record Config(
      OptionalLong minCharacters,
      OptionalLong maxCharacters,
      OptionalLong minBytes,
      OptionalLong maxBytes)
      implements CascadeStep.Config {
    public Config {
      Check.that(
          minCharacters.orElse(0) <= maxCharacters.orElse(Long.MAX_VALUE),
          List.of("min-characters", "max-characters"),
          "must be at most max-characters, got %s",
          minCharacters.orElse(0));
      Check.that(
          minBytes.orElse(0) <= maxBytes.orElse(Long.MAX_VALUE),
          List.of("min-bytes", "max-bytes"),
          "must be at most max-bytes, got %s",
          minBytes.orElse(0));
    }

    @Override
    public LengthFilter create() {
      return new LengthFilter(this);
    }
  }

  @Override
  public Verdict judge(Document document) {
    String text = document.text();
    long characters = text.codePointCount(0, text.length());
    if (characters < config.minCharacters.orElse(0)) {
      return Verdict.drop("too-few-characters", characters);
    }
    if (characters > config.maxCharacters.orElse(Long.MAX_VALUE)) {
      return Verdict.drop("too-many-characters", characters);
    }
    long bytes = document.textBytes();
    if (bytes < config.minBytes.orElse(0)) {
      return Verdict.drop("too-few-bytes", bytes);
    }
    return bytes > config.maxBytes.orElse(Long.MAX_VALUE)
        ? Verdict.drop("too-many-bytes", bytes)
        : Verdict.keep(document);
  }
}
