package io.kanana.data.filter.language;

import io.kanana.core.config.Check;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DocumentTransform;
import io.kanana.data.filter.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps documents in some languages, and writes the language and its score into their metadata, as
 * {@code language} and {@code languageScore}.
 */
public final class LanguageFilter implements DocumentTransform {
  /**
   * Which documents stay.
   *
   * @param identifier what tells the language
   * @param languages those that stay, as the identifier calls them; none for all. Another is {@code
   *     other-language}
   * @param minScore less is {@code uncertain-language}
   */
  public record Config(
      LanguageIdentifier.Config identifier, List<String> languages, double minScore)
      implements CascadeStep.Config {
    public Config {
      Check.that(
          minScore >= 0 && minScore <= 1, "min-score", "must lie in 0 .. 1, got %s", minScore);
      languages = List.copyOf(languages);
    }

    @Override
    public LanguageFilter create() {
      return new LanguageFilter(identifier.create(), Set.copyOf(languages), minScore);
    }
  }

  private final LanguageIdentifier identifier;
  private final Set<String> languages;
  private final double minScore;

  LanguageFilter(LanguageIdentifier identifier, Set<String> languages, double minScore) {
    this.identifier = identifier;
    this.languages = languages;
    this.minScore = minScore;
  }

  @Override
  public Verdict apply(Document document) {
    LanguageIdentifier.Guess guess = identifier.identify(document.text());
    if (!languages.isEmpty() && !languages.contains(guess.language())) {
      return Verdict.drop("other-language", guess.language());
    }
    if (guess.score() < minScore) {
      return Verdict.drop("uncertain-language", guess.score());
    }
    Map<String, Object> metadata = new LinkedHashMap<>(document.metadata());
    metadata.put("language", guess.language());
    metadata.put("languageScore", guess.score());
    return Verdict.keep(new Document(document.id(), document.text(), metadata));
  }
}
