package io.kanana.core.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The arguments of one call: by position, then by name. */
record Arguments(List<Value> positional, Map<String, Value> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Value... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /** Gives each parameter its argument; too many and unknown ones are refused. */
  Bound bind(String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw Fault.failure(
          String.format(
              Locale.ROOT,
              "%s() takes at most %d arguments, %d given",
              function,
              parameters.length,
              positional.size()));
    }
    List<String> names = List.of(parameters);
    Value[] values = positional.toArray(new Value[parameters.length]);
    named.forEach((name, value) -> put(function, names, values, name, value));
    return new Bound(function, names, values);
  }

  private static void put(
      String function, List<String> names, Value[] values, String name, Value value) {
    int index = names.indexOf(name);
    if (index < 0 || values[index] != null) {
      throw Fault.failure(
          String.format(Locale.ROOT, "%s() got an unexpected argument '%s'", function, name));
    }
    values[index] = value;
  }

  /** These without the first positional one. */
  Arguments rest() {
    return new Arguments(positional.subList(1, positional.size()), named);
  }

  /** These after another positional one. */
  Arguments after(Value first) {
    List<Value> all = new ArrayList<>(positional.size() + 1);
    all.add(first);
    all.addAll(positional);
    return new Arguments(all, named);
  }

  /** Arguments by the index of their parameter; null or the fallback where none was given. */
  static final class Bound {
    private final String function;
    private final List<String> names;
    private final Value[] values;

    private Bound(String function, List<String> names, Value[] values) {
      this.function = function;
      this.names = names;
      this.values = values;
    }

    boolean has(int index) {
      return values[index] != null;
    }

    boolean given(int index) {
      return has(index) && !(values[index] instanceof Value.None);
    }

    Value get(int index, Value fallback) {
      return has(index) ? values[index] : fallback;
    }

    Value require(int index) {
      if (!has(index)) {
        throw Fault.failure(
            String.format(Locale.ROOT, "%s() needs the argument '%s'", function, names.get(index)));
      }
      return values[index];
    }

    boolean flag(int index, boolean fallback) {
      return has(index) ? Operators.truth(values[index]) : fallback;
    }

    String text(int index, String fallback) {
      return has(index) ? text(index) : fallback;
    }

    String text(int index) {
      if (require(index) instanceof Value.Str text) {
        return text.value();
      }
      throw wrong(index, "a string");
    }

    /** An integer; one beyond 32 bits is as good as the largest that fits. */
    int integer(int index, int fallback) {
      if (!has(index)) {
        return fallback;
      }
      BigInteger value = Operators.integer(values[index]);
      if (value == null) {
        throw wrong(index, "an integer");
      }
      return clamp(value);
    }

    private Fault wrong(int index, String kind) {
      return Fault.failure(
          String.format(
              Locale.ROOT,
              "%s() wants %s as '%s', not %s",
              function,
              kind,
              names.get(index),
              values[index].type()));
    }

    private static int clamp(BigInteger value) {
      if (value.bitLength() < Integer.SIZE) {
        return value.intValue();
      }
      return value.signum() < 0 ? -Integer.MAX_VALUE : Integer.MAX_VALUE;
    }
  }
}
