package io.kanana.pretrain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Check;
import io.kanana.core.error.ConfigException;
import io.kanana.data.document.Corpus;
import io.kanana.data.document.DocumentSource;
import io.kanana.data.mixture.MixtureConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the section {@code data} of a job names: always a mixture, be it of one domain.
 *
 * @param mixture every domain of which has a source
 * @param isMixture whether it was given as one, so that its domains have directories of their own
 * @param heldOutShare the share of documents that is never trained on, of each domain
 */
record Sources(MixtureConfig mixture, boolean isMixture, double heldOutShare) {
  /** The domain of a job that names documents alone. */
  private static final String ONLY = "documents";

  private static final String MIXTURE = "data.mixture";

  /** The section's rules, as {@link Check} states them. */
  static void check(
      Optional<List<DocumentSource.Config>> documents,
      Optional<MixtureConfig> mixture,
      double heldOutShare) {
    Check.that(
        documents.isPresent() || mixture.isPresent(),
        List.of("documents", "mixture"),
        "is missing; give a list, or a mixture in its place");
    Check.that(
        documents.isEmpty() || mixture.isEmpty(),
        List.of("mixture", "documents"),
        "must not stand beside documents; give one of them");
    Check.that(
        documents.isEmpty() || !documents.get().isEmpty(),
        "documents",
        "must name at least one source");
    mixture.map(MixtureConfig::domains).orElse(Map.of()).entrySet().stream()
        .filter(entry -> !entry.getValue().hasSource())
        .forEach(
            entry ->
                Check.that(
                    false,
                    "mixture.domains." + entry.getKey(),
                    "has nothing to read; give it documents, or tokens that are made already"));
    Check.that(
        heldOutShare > 0 && heldOutShare < 1,
        "held-out-share",
        "must lie between 0 and 1, got %s",
        heldOutShare);
  }

  static Sources of(
      Optional<List<DocumentSource.Config>> documents,
      Optional<MixtureConfig> mixture,
      double heldOutShare) {
    return mixture
        .map(given -> new Sources(given, true, heldOutShare))
        .orElseGet(() -> new Sources(single(documents.orElseThrow()), false, heldOutShare));
  }

  private static MixtureConfig single(List<DocumentSource.Config> documents) {
    return new MixtureConfig(
        OptionalLong.empty(), Map.of(ONLY, MixtureConfig.Domain.of(documents)));
  }

  Map<String, MixtureConfig.Domain> domains() {
    return mixture.domains();
  }

  /** The documents of a domain that has some. */
  DocumentSource corpus(String domain) {
    return corpus(domains().get(domain).documents().orElseThrow());
  }

  /** The documents of all domains, one after the other; empty where all are tokens already. */
  Optional<DocumentSource> documents() {
    List<DocumentSource.Config> all =
        domains().values().stream()
            .flatMap(domain -> domain.documents().stream())
            .flatMap(List::stream)
            .toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(corpus(all));
  }

  private static DocumentSource corpus(List<DocumentSource.Config> documents) {
    return new Corpus(documents.stream().map(DocumentSource.Config::create).toList());
  }

  /** Where a domain has its own part of something that every domain has. */
  Path place(Path directory, String domain) {
    return isMixture ? directory.resolve(domain) : directory;
  }

  /** The path of a domain in the configuration, for messages. */
  String path(String domain) {
    return isMixture ? MIXTURE + ".domains." + domain : "data.documents";
  }

  /** A problem with the mixture, with its path in the configuration. */
  ConfigException below(ConfigException problem) {
    return problem.below(MIXTURE);
  }

  /**
   * Leaves of a configuration what tokenizer and tokens are made from: weights, limits and the way
   * of packing can change without making them anew.
   */
  static ObjectNode inputs(ObjectNode config) {
    config.retain("data", "tokenizer");
    if (config.get("data") instanceof ObjectNode data) {
      data.retain("documents", "mixture", "held-out-share");
      if (data.get("mixture") instanceof ObjectNode mixture) {
        mixture.retain("domains");
        for (JsonNode domain : mixture.path("domains")) {
          ((ObjectNode) domain).retain("documents");
        }
      }
    }
    return config;
  }
}
