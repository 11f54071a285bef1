package io.kanana.core.template;

import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Everything a template can hold: a closed set, so that no template reaches an object of the host.
 * All but {@link Iteration}, {@link Namespace} and the state behind a {@link Native} are immutable.
 */
sealed interface Value {
  static Value of(boolean value) {
    return value ? Bool.TRUE : Bool.FALSE;
  }

  static Int of(long value) {
    return new Int(BigInteger.valueOf(value));
  }

  /** How deep values are nested in this one; a scalar has 0. */
  default int levels() {
    return 0;
  }

  /** The Python name of the type, for messages. */
  default String type() {
    return switch (this) {
      case Undefined _ -> "Undefined";
      case None _ -> "NoneType";
      case Bool _ -> "bool";
      case Int _ -> "int";
      case Real _ -> "float";
      case Str _ -> "str";
      case Sequence sequence -> sequence.kind == Sequence.Kind.LIST ? "list" : "tuple";
      case Dict _ -> "dict";
      case Range _ -> "range";
      case View view -> "dict_" + view.part.name().toLowerCase(java.util.Locale.ROOT);
      case Iteration _ -> "generator";
      case Namespace _ -> "Namespace";
      case Native object -> object.type;
    };
  }

  /**
   * A name without a value: empty when printed, a failure when used further. One that is strict may
   * only be asked whether it is defined.
   */
  record Undefined(String problem, boolean strict) implements Value {
    Undefined(String problem) {
      this(problem, false);
    }

    /** Refuses what only a lenient one allows. */
    void require() {
      if (strict) {
        throw Fault.failure(problem);
      }
    }
  }

  /** Python's {@code None}. */
  record None() implements Value {
    static final None NONE = new None();
  }

  /** A truth value, which counts as 0 or 1 in arithmetic. */
  record Bool(boolean value) implements Value {
    static final Bool TRUE = new Bool(true);
    static final Bool FALSE = new Bool(false);
  }

  /** An integer of any size that the budget allows. */
  record Int(BigInteger value) implements Value {}

  /** A floating-point number. */
  record Real(double value) implements Value {}

  /** Text; its length and its positions count code points. */
  record Str(String value) implements Value {
    static final Str EMPTY = new Str("");
  }

  /** A list, a tuple, or a pair of {@code groupby}. */
  record Sequence(Kind kind, List<Value> items, int levels) implements Value {
    enum Kind {
      LIST,
      TUPLE,
      /** A tuple whose two items also have the names {@code grouper} and {@code list}. */
      GROUP
    }
  }

  /** A dictionary in order of insertion; {@link Dicts} makes the keys. */
  record Dict(LinkedHashMap<Object, Entry> entries, int levels) implements Value {
    /** A key as it was written, and its value. */
    record Entry(Value key, Value value) {}

    Collection<Entry> all() {
      return entries.values();
    }
  }

  /** Python's {@code range}, never spelled out. */
  record Range(long start, long stop, long step, long length) implements Value {
    long at(long index) {
      return start + index * step;
    }
  }

  /** What {@code keys()}, {@code values()} and {@code items()} of a dictionary return. */
  record View(Part part, Dict dict) implements Value {
    enum Part {
      KEYS,
      VALUES,
      ITEMS
    }

    @Override
    public int levels() {
      return dict.levels() + 1;
    }
  }

  /** What a generator of Python is: it can be gone through once. */
  final class Iteration implements Value {
    private List<Value> rest;
    private final int levels;

    Iteration(List<Value> items, int levels) {
      this.rest = items;
      this.levels = levels;
    }

    /** The items that nobody has taken yet; there are none afterwards. */
    List<Value> take() {
      List<Value> taken = rest;
      rest = List.of();
      return taken;
    }

    /** The next item, or null. */
    Value next() {
      if (rest.isEmpty()) {
        return null;
      }
      Value first = rest.getFirst();
      rest = rest.subList(1, rest.size());
      return first;
    }

    @Override
    public int levels() {
      return levels;
    }
  }

  /** The one thing that a template may change: {@code namespace()}. */
  record Namespace(Map<String, Value> fields) implements Value {
    @Override
    public boolean equals(Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /**
   * A macro, a function, a bound method, or {@code loop}: named attributes, each computed when
   * asked for, and perhaps a call.
   */
  final class Native implements Value {
    private final String type;
    private final Map<String, Supplier<Value>> attributes;
    private final Function<Arguments, Value> call;

    Native(String type, Map<String, Supplier<Value>> attributes, Function<Arguments, Value> call) {
      this.type = type;
      this.attributes = attributes;
      this.call = call;
    }

    static Native function(Function<Arguments, Value> call) {
      return new Native("function", Map.of(), call);
    }

    boolean callable() {
      return call != null;
    }

    /** The attribute, or null. */
    Value attribute(String name) {
      Supplier<Value> attribute = attributes.get(name);
      return attribute == null ? null : attribute.get();
    }

    Value call(Arguments arguments) {
      return call.apply(arguments);
    }
  }
}
