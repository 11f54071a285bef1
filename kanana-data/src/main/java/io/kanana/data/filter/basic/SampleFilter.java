package io.kanana.data.filter.basic;

import io.kanana.core.config.Check;
import io.kanana.core.random.RandomKey;
import io.kanana.data.document.Document;
import io.kanana.data.filter.CascadeStep;
import io.kanana.data.filter.DataFilter;
import io.kanana.data.filter.Verdict;

/**
 * Keeps a share of the documents. Each is drawn by its id alone, so that a larger share of the same
 * seed holds the smaller one, whatever else the corpus holds. The others are {@code not-drawn},
 * with the number between 0 and 1 that decided.
 */
public final class SampleFilter implements DataFilter {
  /**
   * @param keep the share to keep, 0 to 1
   * @param seed draws
   */
  public record Config(double keep, long seed) implements CascadeStep.Config {
    public Config {
      Check.that(keep >= 0 && keep <= 1, "keep", "must lie in 0 .. 1, got %s", keep);
    }

    @Override
    public SampleFilter create() {
      return new SampleFilter(this);
    }
  }

  private final double keep;
  private final RandomKey key;

  public SampleFilter(Config config) {
    this.keep = config.keep();
    this.key = RandomKey.of(config.seed()).child("sample");
  }

  @Override
  public Verdict judge(Document document) {
    double draw = key.child(document.id()).uniform(0);
    return draw < keep ? Verdict.keep(document) : Verdict.drop("not-drawn", draw);
  }
}
