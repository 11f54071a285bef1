package io.kanana.core.template;

import java.util.HashMap;
import java.util.Map;

/** The names of a block, and through its parent those around it. */
final class Scope {
  private final Scope parent;
  private final Map<String, Value> names;

  Scope(Scope parent) {
    this(parent, new HashMap<>());
  }

  Scope(Scope parent, Map<String, Value> names) {
    this.parent = parent;
    this.names = names;
  }

  /** The value of a name, or null. */
  Value find(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      Value value = scope.names.get(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  void set(String name, Value value) {
    names.put(name, value);
  }
}
