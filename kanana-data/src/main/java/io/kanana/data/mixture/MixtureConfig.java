package io.kanana.data.mixture;

import io.kanana.core.config.Check;
import io.kanana.core.config.FromFile;
import io.kanana.data.document.DocumentSource;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Domains, and how much of each a run reads. The section of a configuration may name a {@code file}
 * with the weights and add the documents to it.
 *
 * @param seed chooses the order of everything; where it is absent, the run's seed does
 * @param domains by name
 */
@FromFile
public record MixtureConfig(OptionalLong seed, Map<String, Domain> domains) {
  /**
   * Documents of one kind. Without documents and tokens it says only what is wanted of them, which
   * is enough to be looked at, and not to be run.
   *
   * @param category which of the report's categories it belongs to
   * @param documents sources, one after the other
   * @param tokens a directory of token shards that are made already, with {@code train} and {@code
   *     held-out} in it, in place of documents
   * @param weight its share of the tokens that are trained on, relative to the other domains'
   *     weights; 0 for one that is only measured. Where no domain has a weight, each has its share
   *     of the tokens that there are
   * @param maxEpochs the most times that the run may go through it; without, there is no limit
   */
  public record Domain(
      Optional<Category> category,
      Optional<List<DocumentSource.Config>> documents,
      Optional<Path> tokens,
      OptionalDouble weight,
      OptionalDouble maxEpochs) {
    public Domain {
      Check.that(
          documents.isEmpty() || !documents.get().isEmpty(),
          "documents",
          "must name at least one source");
      Check.that(
          documents.isEmpty() || tokens.isEmpty(),
          List.of("tokens", "documents"),
          "must not stand beside documents; give one of them");
      Check.that(weight.orElse(0) >= 0, "weight", "must be at least 0, got %s", weight.orElse(0));
      Check.that(
          maxEpochs.orElse(1) > 0, "max-epochs", "must be above 0, got %s", maxEpochs.orElse(1));
    }

    /** All that there is, of documents. */
    public static Domain of(List<DocumentSource.Config> documents) {
      return new Domain(
          Optional.empty(),
          Optional.of(documents),
          Optional.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty());
    }

    /** Whether it can be read. */
    public boolean hasSource() {
      return documents.isPresent() || tokens.isPresent();
    }
  }

  /** A name is part of paths and of keys in metrics. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  public MixtureConfig {
    domains = Collections.unmodifiableMap(new LinkedHashMap<>(domains));
    Check.that(!domains.isEmpty(), "domains", "must name at least one domain");
    for (String name : domains.keySet()) {
      Check.that(
          NAME.matcher(name).matches(),
          "domains." + name,
          "must be named by small letters and digits with hyphens between");
    }
    long weighed = domains.values().stream().filter(d -> d.weight().isPresent()).count();
    Check.that(
        weighed == 0 || weighed == domains.size(),
        "domains",
        "must all have a weight, or none of them; %s of %s have one",
        weighed,
        domains.size());
    Check.that(
        weighed == 0 || domains.values().stream().anyMatch(d -> d.weight().orElse(0) > 0),
        "domains",
        "must have a weight above 0 at least once");
  }

  /**
   * The shares of the tokens that the weights ask for, adding up to 1; empty where there are no
   * weights, so that the shares depend on the documents.
   */
  public Map<String, Double> askedShares() {
    double sum = domains.values().stream().mapToDouble(d -> d.weight().orElse(0)).sum();
    Map<String, Double> shares = new LinkedHashMap<>();
    if (sum > 0) {
      domains.forEach((name, d) -> shares.put(name, d.weight().orElse(0) / sum));
    }
    return shares;
  }
}
