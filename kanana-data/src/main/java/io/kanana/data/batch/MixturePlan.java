package io.kanana.data.batch;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Check;
import io.kanana.core.config.Names;
import io.kanana.core.config.Yaml;
import io.kanana.core.error.ConfigException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run reads, how much of each, and in which order: all that the sequences of a run follow
 * from besides the tokens themselves. It can be written as YAML, compared, and bound again.
 *
 * @param contextLength T, positions of a sequence
 * @param packing how documents become sequences
 * @param seed chooses the order
 * @param domains what is mixed, by name; the order in which they are given changes nothing
 */
public record MixturePlan(
    int contextLength, Packing packing, long seed, Map<String, Domain> domains) {
  /**
   * One set of shards.
   *
   * @param shards its fingerprint
   * @param documents the number of its documents
   * @param tokens the number of its tokens
   * @param sequences the number of sequences that they are put into
   * @param share of the run's sequences, relative to the other domains' shares
   */
  public record Domain(String shards, long documents, long tokens, long sequences, double share) {
    public Domain {
      Check.that(documents >= 1, "documents", "must be at least 1, got %s", documents);
      Check.that(tokens >= 1, "tokens", "must be at least 1, got %s", tokens);
      Check.that(sequences >= 1, "sequences", "must be at least 1, got %s", sequences);
      Check.that(
          share >= 0 && share < Double.POSITIVE_INFINITY,
          "share",
          "must be a number of at least 0, got %s",
          share);
    }

    /** Of sequences that are there. */
    public static Domain of(Sequences sequences, double share) {
      return new Domain(
          sequences.shards().fingerprint(),
          sequences.shards().documents(),
          sequences.shards().tokens(),
          sequences.count(),
          share);
    }
  }

  public MixturePlan {
    domains = Collections.unmodifiableMap(new TreeMap<>(domains));
    Check.that(contextLength >= 1, "context-length", "must be at least 1, got %s", contextLength);
    Check.that(
        domains.values().stream().mapToDouble(Domain::share).sum() > 0,
        "domains",
        "must have at least one with a share above 0");
  }

  /** Sequences in one pass over all domains that the run reads at all. */
  public long epochLength() {
    return domains.values().stream()
        .filter(domain -> domain.share() > 0)
        .mapToLong(Domain::sequences)
        .sum();
  }

  /** A domain's share of the tokens that are trained on, relative to the other domains' shares. */
  public double tokenShare(String domain) {
    Domain own = domains.get(domain);
    return own.share() * own.tokens() / ((double) own.sequences() * contextLength);
  }

  /** How many of a run's first sequences are a domain's, exactly. */
  public long taken(String domain, long sequences) {
    return interleaving().taken(List.copyOf(domains.keySet()).indexOf(domain), sequences);
  }

  /**
   * Whose turn each sequence is, by the place of a domain in {@link #domains}.
   *
   * @throws ConfigException if there are too many sequences, or a share is too small to be kept
   */
  Interleaving interleaving() {
    long epoch = epochLength();
    if (epoch > Interleaving.LARGEST_TOTAL) {
      throw new ConfigException(
          "domains",
          String.format(
              Locale.ROOT,
              "have %d sequences of %d tokens, of which at most %d can be mixed; take longer ones",
              epoch,
              contextLength,
              Interleaving.LARGEST_TOTAL));
    }
    double[] shares = domains.values().stream().mapToDouble(Domain::share).toArray();
    Interleaving interleaving = Interleaving.of(shares, epoch);
    List<String> names = new ArrayList<>(domains.keySet());
    for (int i = 0; i < shares.length; i++) {
      if (shares[i] > 0 && interleaving.quota(i) == 0) {
        throw new ConfigException(
            "domains." + names.get(i),
            String.format(
                Locale.ROOT,
                "is less than one sequence in %d, so it would never be read; give it a larger share, or none",
                interleaving.total()));
      }
    }
    return interleaving;
  }

  /** The plan as YAML, which binds to an equal plan. */
  public String toYaml() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("context-length", contextLength).put("packing", Names.of(packing)).put("seed", seed);
    ObjectNode sections = tree.putObject("domains");
    domains.forEach(
        (name, domain) ->
            sections
                .putObject(name)
                .put("shards", domain.shards())
                .put("documents", domain.documents())
                .put("tokens", domain.tokens())
                .put("sequences", domain.sequences())
                .put("share", domain.share()));
    return Yaml.write(tree);
  }
}
