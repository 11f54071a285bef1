package io.kanana.core.template;

import io.kanana.core.template.Value.Dict;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes and reads dictionaries, whose keys 1, 1.0 and true are one key, as in Python. */
final class Dicts {
  private Dicts() {}

  /** Builds a dictionary, charging for each entry. */
  static final class Builder {
    private final LinkedHashMap<Object, Dict.Entry> entries = new LinkedHashMap<>();
    private final Budget budget;
    private int levels;

    Builder(Budget budget) {
      this.budget = budget;
    }

    /** Sets an entry; an existing one keeps its place and its key. */
    Builder put(Value key, Value value) {
      budget.items(1);
      budget.nesting(value.levels() + 1);
      levels = Math.max(levels, value.levels());
      entries.merge(
          key(key), new Dict.Entry(key, value), (old, _) -> new Dict.Entry(old.key(), value));
      return this;
    }

    Builder putAll(Dict other) {
      other.all().forEach(entry -> put(entry.key(), entry.value()));
      return this;
    }

    Builder putAll(Map<String, Value> other) {
      other.forEach((name, value) -> put(new Value.Str(name), value));
      return this;
    }

    Dict build() {
      return new Dict(entries, levels + 1);
    }
  }

  /** The value of a key, or null. */
  static Value get(Dict dict, Value key) {
    Dict.Entry entry = dict.entries().get(key(key));
    return entry == null ? null : entry.value();
  }

  static Value get(Dict dict, String key) {
    Dict.Entry entry = dict.entries().get(key);
    return entry == null ? null : entry.value();
  }

  /** What stands for a key in the map. Only scalars can be keys: their hashes cost nothing. */
  private static Object key(Value key) {
    return switch (key) {
      case Value.Str text -> text.value();
      case Value.Bool flag -> flag.value() ? BigInteger.ONE : BigInteger.ZERO;
      case Value.Int number -> number.value();
      case Value.Real number -> number(number.value());
      case Value.None none -> none;
      default -> throw Fault.failure("a " + key.type() + " cannot be the key of a dictionary");
    };
  }

  private static Object number(double value) {
    boolean integral = value == Math.rint(value) && !Double.isInfinite(value);
    return integral ? (Object) new BigDecimal(value).toBigInteger() : (Object) value;
  }
}
