package io.kanana.data.filter.basic;

import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps documents under a listed licence. The others are {@code licence-not-allowed}, with the
 * licence, or {@code licence-missing}.
 */
public final class LicenceAllowList implements DataFilter {
  /** What becomes of a document that names no licence. */
  public enum Missing {
    /** It is kept. */
    KEEP,
    /** It is dropped. */
    DROP
  }

  /**
   * @param field the metadata with the licence: a text, or a list of texts that must all be allowed
   * @param allow licences, in upper or lower case
   * @param missing what becomes of documents without one
   */
  public record Config(String field, List<String> allow, Missing missing)
      implements CascadeStep.Config {
    @Override
    public LicenceAllowList create() {
      return new LicenceAllowList(this);
    }
  }

  private final Config config;
  private final Set<String> allowed;

  public LicenceAllowList(Config config) {
    this.config = config;
    this.allowed = config.allow().stream().map(LicenceAllowList::plain).collect(Collectors.toSet());
  }

  private static String plain(String licence) {
    return licence.strip().toLowerCase(Locale.ROOT);
  }

  @Override
  public Verdict judge(Document document) {
    List<String> licences =
        switch (document.metadata().get(config.field())) {
          case String one when !one.isBlank() -> List.of(one);
          case List<?> several -> several.stream().map(String::valueOf).toList();
          case null, default -> List.of();
        };
    if (licences.isEmpty()) {
      return config.missing() == Missing.KEEP
          ? Verdict.keep(document)
          : Verdict.drop("licence-missing", null);
    }
    return licences.stream()
        .filter(licence -> !allowed.contains(plain(licence)))
        .findFirst()
        .map(licence -> Verdict.drop("licence-not-allowed", licence))
        .orElseGet(() -> Verdict.keep(document));
  }
}
