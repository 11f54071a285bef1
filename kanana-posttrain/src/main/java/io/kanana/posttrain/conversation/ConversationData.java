package io.kanana.posttrain.conversation;

import io.kanana.core.config.Check;
import io.kanana.data.mixture.MixtureConfig;
import io.kanana.data.mixture.OnLimit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a run of conversations reads: the section {@code data} of its configuration.
 *
 * @param domains by name: {@code code}, {@code math}, {@code instruction}, {@code chat}, {@code
 *     safety} in the Kanana report (section 3.2)
 * @param template takes the place of the model's own chat template; needed where it has none
 * @param tooLong what becomes of a conversation that is longer than a sequence
 * @param heldOutShare the share of distinct questions whose conversations are measured on
 * @param onLimit what happens where a run would go through a domain more often than it may
 */
public record ConversationData(
    Map<String, Domain> domains,
    Optional<BuiltInTemplate> template,
    TooLong tooLong,
    double heldOutShare,
    OnLimit onLimit) {
  /**
   * Conversations of one kind.
   *
   * @param conversations sources, one after the other
   * @param weight its share of the tokens of the run, relative to the other domains' weights; where
   *     no domain has one, each has its share of what there is
   * @param maxEpochs the most times that the run may go through it; without, there is no limit
   */
  public record Domain(
      List<ConversationSource.Config> conversations,
      OptionalDouble weight,
      OptionalDouble maxEpochs) {
    public Domain {
      conversations = List.copyOf(conversations);
      Check.that(!conversations.isEmpty(), "conversations", "must name at least one source");
    }
  }

  public ConversationData {
    domains = Collections.unmodifiableMap(new LinkedHashMap<>(domains));
    Check.that(
        heldOutShare >= 0 && heldOutShare < 1,
        "held-out-share",
        "must lie in 0 .. 1 and be below 1, got %s",
        heldOutShare);
    mixture(domains);
  }

  /** The weights and limits, as mixtures of documents have them. */
  public MixtureConfig mixture() {
    return mixture(domains);
  }

  private static MixtureConfig mixture(Map<String, Domain> domains) {
    Map<String, MixtureConfig.Domain> weighed = new LinkedHashMap<>();
    domains.forEach(
        (name, domain) ->
            weighed.put(
                name,
                new MixtureConfig.Domain(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    domain.weight(),
                    domain.maxEpochs())));
    return new MixtureConfig(OptionalLong.empty(), weighed);
  }
}
