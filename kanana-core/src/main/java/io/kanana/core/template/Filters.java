package io.kanana.core.template;

import java.util.HashMap;
import java.util.Map;

/** What may follow {@code |}. */
final class Filters {
  /** A function of the value before it and of its own arguments. */
  interface Filter {
    Value apply(Evaluator evaluator, Value input, Arguments arguments);
  }

  private static final Map<String, Filter> FILTERS = all();

  private Filters() {}

  /** The filter of a name, or null. */
  static Filter find(String name) {
    return FILTERS.get(name);
  }

  private static Map<String, Filter> all() {
    Map<String, Filter> filters = new HashMap<>(TextFilters.ALL);
    filters.putAll(NumberFilters.ALL);
    filters.putAll(ListFilters.ALL);
    filters.putAll(ChoiceFilters.ALL);
    return Map.copyOf(filters);
  }
}
