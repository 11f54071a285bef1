package io.kanana.pretrain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tokens of every domain of a run, open; closing it closes them. */
final class RunTokens implements AutoCloseable {
  private final Map<String, DomainTokens> domains = new LinkedHashMap<>();

  void add(String name, DomainTokens tokens) {
    domains.put(name, tokens);
  }

  /** By the name of the domain, in the order of the configuration. */
  Map<String, DomainTokens> domains() {
    return Collections.unmodifiableMap(domains);
  }

  @Override
  public void close() {
    List<DomainTokens> open = new ArrayList<>(domains.values());
    open.forEach(DomainTokens::close);
  }
}
