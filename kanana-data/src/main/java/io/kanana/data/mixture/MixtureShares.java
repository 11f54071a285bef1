package io.kanana.data.mixture;

import io.kanana.core.error.ConfigException;
import io.kanana.core.error.Problem;
import io.kanana.data.batch.Sequences;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Decides which share of a run's sequences each domain gets: as many as hold its share of the
 * tokens, and no more than its {@code max-epochs} allow.
 */
public final class MixtureShares {
  private final MixtureConfig config;
  private final Map<String, ? extends Sequences> sequences;
  private final long runSequences;
  private final long slack;

  /**
   * @param sequences of every domain
   * @param runSequences how many a run takes in all
   * @param slack so many sequences of a domain beyond its limit are let pass, because a run ends
   *     with a whole step
   */
  public MixtureShares(
      MixtureConfig config,
      Map<String, ? extends Sequences> sequences,
      long runSequences,
      long slack) {
    this.config = config;
    this.sequences = sequences;
    this.runSequences = runSequences;
    this.slack = slack;
  }

  /**
   * The shares, adding up to 1.
   *
   * @throws ConfigException naming every domain that the run would read too often, with what could
   *     be reached, or where all limits together are less than the run
   */
  public Map<String, Double> decide(OnLimit onLimit) {
    Map<String, Double> asked = asked();
    List<String> beyond =
        asked.keySet().stream().filter(name -> isBeyond(name, asked.get(name))).toList();
    if (beyond.isEmpty()) {
      return asked;
    }
    if (onLimit == OnLimit.REFUSE) {
      throw new ConfigException(beyond.stream().map(name -> refusal(name, asked)).toList());
    }
    return rebalanced(asked);
  }

  /** Without regard to limits. */
  public Map<String, Double> asked() {
    Map<String, Double> tokens = config.askedShares();
    Map<String, Double> shares = new LinkedHashMap<>();
    for (String name : config.domains().keySet()) {
      Sequences own = sequences.get(name);
      shares.put(name, tokens.isEmpty() ? own.count() : tokens.get(name) / own.fill());
    }
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    shares.replaceAll((name, share) -> share / sum);
    return shares;
  }

  private boolean isBeyond(String name, double share) {
    return share * runSequences - limit(name) > slack;
  }

  /** The most sequences of a domain that a run may take. */
  private double limit(String name) {
    return config.domains().get(name).maxEpochs().orElse(Double.POSITIVE_INFINITY)
        * sequences.get(name).count();
  }

  private Problem refusal(String name, Map<String, Double> asked) {
    double share = asked.get(name);
    double epochs = share * runSequences / sequences.get(name).count();
    double reachable = limit(name) / runSequences;
    return new Problem(
        "domains." + name,
        String.format(
            Locale.ROOT,
            "%.2f %% of a run of %,d sequences is %.2f times its %,d tokens, more than max-epochs %s;"
                + " at most %.2f %% can be reached: lower its weight, give more documents, raise max-epochs,"
                + " end the run after %,d tokens, or set on-limit: rebalance",
            100 * share,
            runSequences,
            epochs,
            sequences.get(name).shards().tokens(),
            config.domains().get(name).maxEpochs().orElseThrow(),
            100 * reachable,
            (long) Math.floor(limit(name) / share) * sequences.get(name).contextLength()));
  }

  /**
   * Limits one domain after the other, since what one may not have can be too much for the next.
   */
  private Map<String, Double> rebalanced(Map<String, Double> asked) {
    Set<String> limited = new LinkedHashSet<>();
    Map<String, Double> shares = asked;
    List<String> beyond = beyond(shares, limited);
    while (!beyond.isEmpty()) {
      limited.addAll(beyond);
      shares = shares(asked, limited);
      beyond = beyond(shares, limited);
    }
    return shares;
  }

  private List<String> beyond(Map<String, Double> shares, Set<String> limited) {
    List<String> beyond = new ArrayList<>(shares.keySet());
    beyond.removeIf(name -> limited.contains(name) || !isBeyond(name, shares.get(name)));
    return beyond;
  }

  /** The limited ones get their limits, the others the rest in their proportions. */
  private Map<String, Double> shares(Map<String, Double> asked, Set<String> limited) {
    double taken = limited.stream().mapToDouble(this::limit).sum();
    double others =
        asked.keySet().stream().filter(n -> !limited.contains(n)).mapToDouble(asked::get).sum();
    if (others == 0 && taken + slack < runSequences) {
      throw tooLong(taken);
    }
    double rest = others == 0 ? 0 : runSequences - taken;
    double factor = others == 0 ? 0 : rest / others;
    Map<String, Double> shares = new LinkedHashMap<>();
    for (String name : asked.keySet()) {
      double wanted = limited.contains(name) ? limit(name) : factor * asked.get(name);
      shares.put(name, wanted / (taken + rest));
    }
    return shares;
  }

  private ConfigException tooLong(double allowed) {
    int length = sequences.values().iterator().next().contextLength();
    return new ConfigException(
        "domains",
        String.format(
            Locale.ROOT,
            "hold at most %,d tokens within their max-epochs, and the run asks for %,d; shorten it, give more documents, or raise max-epochs",
            (long) Math.floor(allowed) * length,
            runSequences * length));
  }
}
