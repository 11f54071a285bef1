package io.kanana.pretrain;

import io.kanana.data.shard.ShardSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tokens of a run, of every domain and those that it is measured on, open; closes them. */
final class RunTokens implements AutoCloseable {
  private final Map<String, DomainTokens> domains = new LinkedHashMap<>();

  private Optional<ShardSet> evaluation = Optional.empty();

  void add(String name, DomainTokens tokens) {
    domains.put(name, tokens);
  }

  /** By the name of the domain, in the order of the configuration. */
  Map<String, DomainTokens> domains() {
    return Collections.unmodifiableMap(domains);
  }

  void measureOn(ShardSet tokens) {
    evaluation = Optional.of(tokens);
  }

  /** What is measured on in place of held-out tokens of the domains. */
  Optional<ShardSet> evaluation() {
    return evaluation;
  }

  @Override
  public void close() {
    evaluation.ifPresent(ShardSet::close);
    List<DomainTokens> open = new ArrayList<>(domains.values());
    open.forEach(DomainTokens::close);
  }
}
