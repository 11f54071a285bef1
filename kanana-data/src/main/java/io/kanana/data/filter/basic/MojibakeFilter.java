package io.kanana.data.filter.basic;

import io.kanana.core.config.Check;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.Verdict;

/**
 * Drops text that was read in another encoding than it was written in: {@code mojibake}, with the
 * share of its characters that are debris.
 *
 * @param config the threshold
 */
public record MojibakeFilter(Config config) implements DataFilter {
  /**
   * @param maxShare of the characters that are no white space: U+FFFD, UTF-8 or EUC-KR read as
   *     Latin-1 or Windows-1252, UTF-8 read as EUC-KR
   */
  public record Config(double maxShare) implements CascadeStep.Config {
    public Config {
      Check.that(
          maxShare >= 0 && maxShare <= 1, "max-share", "must lie in 0 .. 1, got %s", maxShare);
    }

    @Override
    public MojibakeFilter create() {
      return new MojibakeFilter(this);
    }
  }

  @Override
  public Verdict judge(Document document) {
    double share = EncodingDebris.share(document.text());
    return share > config.maxShare() ? Verdict.drop("mojibake", share) : Verdict.keep(document);
  }
}
