package io.kanana.data.mixture;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.config.Names;
import io.kanana.data.batch.MixturePlan;
import io.kanana.data.batch.Packing;
import io.kanana.data.batch.Sequences;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a run sees of a mixture. Sequences are counted exactly as the run deals them; the tokens in
 * them are counted by what a sequence of their domain holds on average, which is exact over whole
 * passes.
 *
 * @param contextLength T, positions of a sequence
 * @param packing how documents become sequences
 * @param sequences of the run, or of the part of it that is looked at
 * @param domains in the order of the configuration
 */
public record MixtureReport(
    int contextLength, Packing packing, long sequences, List<Domain> domains) {
  /**
   * One domain.
   *
   * @param asked its share of the tokens as the weights have it; empty where there are no weights
   * @param maxEpochs the most times that the run may go through it
   * @param seen empty where its tokens are not there
   */
  public record Domain(
      String name,
      Optional<Category> category,
      OptionalDouble asked,
      OptionalDouble maxEpochs,
      Optional<Seen> seen) {}

  /**
   * What there is of a domain, and what the run takes of it.
   *
   * @param documents that there are
   * @param tokens that there are
   * @param sequences that they are put into
   * @param taken sequences of the run that are this domain's
   * @param share of the run's tokens
   * @param epochs how often the run goes through it
   * @param repeated the share of the taken sequences that the run has had before
   * @param padding the share of positions without a token
   * @param cutDocuments documents that lie in more than one sequence
   */
  public record Seen(
      long documents,
      long tokens,
      long sequences,
      long taken,
      double share,
      double epochs,
      double repeated,
      double padding,
      long cutDocuments) {
    /** Tokens that the run takes; those that it takes twice count twice. */
    public double takenTokens() {
      return epochs * tokens;
    }
  }

  public MixtureReport {
    domains = List.copyOf(domains);
  }

  /** What is known without tokens: what the weights ask for. */
  public static MixtureReport of(
      MixtureConfig config, int contextLength, Packing packing, long sequences) {
    return report(config, contextLength, packing, sequences, Map.of());
  }

  /**
   * What a plan makes of a mixture.
   *
   * @param sequences those of the plan's domains
   * @param runSequences how many of the run's first sequences to look at
   */
  public static MixtureReport of(
      MixtureConfig config,
      MixturePlan plan,
      Map<String, ? extends Sequences> sequences,
      long runSequences) {
    double all = 0;
    for (String name : plan.domains().keySet()) {
      all += plan.taken(name, runSequences) * sequences.get(name).fill();
    }
    Map<String, Seen> seen = new HashMap<>();
    for (String name : plan.domains().keySet()) {
      seen.put(name, seen(sequences.get(name), plan.taken(name, runSequences), all));
    }
    return report(config, plan.contextLength(), plan.packing(), runSequences, seen);
  }

  private static Seen seen(Sequences own, long taken, double all) {
    double epochs = taken / (double) own.count();
    return new Seen(
        own.shards().documents(),
        own.shards().tokens(),
        own.count(),
        taken,
        taken * own.fill() / all,
        epochs,
        epochs <= 1 ? 0 : 1 - 1 / epochs,
        1 - own.fill(),
        own.cutDocuments());
  }

  private static MixtureReport report(
      MixtureConfig config,
      int contextLength,
      Packing packing,
      long sequences,
      Map<String, Seen> seen) {
    Map<String, Double> asked = config.askedShares();
    List<Domain> domains = new ArrayList<>();
    config
        .domains()
        .forEach(
            (name, domain) ->
                domains.add(
                    new Domain(
                        name,
                        domain.category(),
                        asked.isEmpty()
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(asked.get(name)),
                        domain.maxEpochs(),
                        Optional.ofNullable(seen.get(name)))));
    return new MixtureReport(contextLength, packing, sequences, domains);
  }

  /** Positions of the run, padding included. */
  public long positions() {
    return sequences * contextLength;
  }

  /** The share of the run's positions that hold no token; empty where tokens are not there. */
  public OptionalDouble padding() {
    if (domains.stream().anyMatch(domain -> domain.seen().isEmpty())) {
      return OptionalDouble.empty();
    }
    double tokens = domains.stream().mapToDouble(d -> d.seen().orElseThrow().takenTokens()).sum();
    return OptionalDouble.of(1 - tokens / positions());
  }

  /** The asked and the seen share of a category. */
  public record CategoryShare(Category category, double asked, double seen) {}

  /** The shares of the categories that domains belong to, in the order of {@link Category}. */
  public List<CategoryShare> categories() {
    Map<Category, CategoryShare> sums = new EnumMap<>(Category.class);
    for (Domain domain : domains) {
      double asked = domain.asked().orElse(0);
      double seen = domain.seen().map(Seen::share).orElse(0.0);
      domain
          .category()
          .ifPresent(
              category ->
                  sums.merge(
                      category,
                      new CategoryShare(category, asked, seen),
                      (a, b) -> new CategoryShare(category, a.asked + b.asked, a.seen + b.seen)));
    }
    return List.copyOf(sums.values());
  }

  /** The report as JSON, numbers whole; what is not known is left out. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("context-length", contextLength).put("packing", Names.of(packing));
    json.put("sequences", sequences).put("positions", positions());
    padding().ifPresent(padding -> json.put("padding", padding));
    ArrayNode list = json.putArray("domains");
    domains.forEach(domain -> list.add(json(domain)));
    ObjectNode categories = json.putObject("categories");
    categories()
        .forEach(
            sum ->
                categories
                    .putObject(Names.of(sum.category()))
                    .put("asked", sum.asked())
                    .put("seen", sum.seen()));
    return json;
  }

  private static ObjectNode json(Domain domain) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", domain.name());
    domain.category().ifPresent(category -> json.put("category", Names.of(category)));
    domain.asked().ifPresent(share -> json.put("asked", share));
    domain.maxEpochs().ifPresent(epochs -> json.put("max-epochs", epochs));
    domain
        .seen()
        .ifPresent(
            seen ->
                json.put("documents", seen.documents())
                    .put("tokens", seen.tokens())
                    .put("sequences", seen.sequences())
                    .put("taken", seen.taken())
                    .put("seen", seen.share())
                    .put("epochs", seen.epochs())
                    .put("repeated", seen.repeated())
                    .put("padding", seen.padding())
                    .put("cut-documents", seen.cutDocuments()));
    return json;
  }
}
