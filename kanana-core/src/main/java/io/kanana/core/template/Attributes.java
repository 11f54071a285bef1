package io.kanana.core.template;

import io.kanana.core.template.Value.Sequence;
import io.kanana.core.template.Value.Str;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What {@code value.name} and {@code value[key]} are. A template sees the entries of its own values
 * and a fixed list of methods; there is no way from here to a class or an object of the host.
 */
final class Attributes {
  private static final Set<String> MUTATORS =
      Set.of(
          "append",
          "clear",
          "extend",
          "insert",
          "pop",
          "popitem",
          "remove",
          "reverse",
          "sort",
          "setdefault",
          "update");

  private final Budget budget;
  private final Operators operators;

  Attributes(Budget budget, Operators operators) {
    this.budget = budget;
    this.operators = operators;
  }

  /** {@code value.name}: a method before an entry of that name. */
  Value attribute(Value value, String name) {
    Operators.requireDefined(value);
    Value own = own(value, name);
    if (own == null && value instanceof Value.Dict dict) {
      own = Dicts.get(dict, name);
    }
    return own == null ? missing(value, name) : own;
  }

  /** {@code value[key]}: an entry before a method of that name. */
  Value item(Value value, Value key) {
    Operators.requireDefined(value);
    Value item = entry(value, key);
    if (item == null && key instanceof Str name) {
      item = own(value, name.value());
    }
    return item == null ? missing(value, key instanceof Str s ? s.value() : key.type()) : item;
  }

  private static Value.Undefined missing(Value value, String name) {
    boolean changes =
        MUTATORS.contains(name) && (value instanceof Sequence || value instanceof Value.Dict);
    if (changes || name.startsWith("_")) {
      return new Value.Undefined(
          "'" + name + "' of a " + value.type() + " is refused to templates");
    }
    String shown = name.length() > 40 ? name.substring(0, 40) + "…" : name;
    return new Value.Undefined("a " + value.type() + " has no '" + shown + "'");
  }

  private Value entry(Value value, Value key) {
    if (value instanceof Value.Dict dict) {
      return isScalar(key) ? Dicts.get(dict, key) : null;
    }
    BigInteger index = Operators.integer(key);
    Long length = index == null || value instanceof Value.View ? null : Sequences.length(value);
    if (length == null) {
      return null;
    }
    BigInteger place = index.signum() < 0 ? index.add(BigInteger.valueOf(length)) : index;
    if (place.signum() < 0 || place.compareTo(BigInteger.valueOf(length)) >= 0) {
      return null;
    }
    return at(value, place.intValueExact());
  }

  private Value at(Value value, int index) {
    return switch (value) {
      case Sequence sequence -> sequence.items().get(index);
      case Value.Range range -> Value.of(range.at(index));
      case Str text -> {
        budget.scan(text.value().length());
        int start = PythonText.index(text.value(), index);
        yield new Str(Character.toString(text.value().codePointAt(start)));
      }
      default -> null;
    };
  }

  private static boolean isScalar(Value key) {
    return key instanceof Str || key instanceof Value.None || Operators.real(key) != null;
  }

  private Value own(Value value, String name) {
    return switch (value) {
      case Str text -> method(text, name);
      case Value.Dict dict -> method(dict, name);
      case Sequence sequence -> member(sequence, name);
      case Value.Namespace namespace -> namespace.fields().get(name);
      case Value.Native object -> object.attribute(name);
      case Value.Int number when name.equals("real") -> number;
      case Value.Real number when name.equals("real") -> number;
      default -> null;
    };
  }

  private Value method(Str text, String name) {
    if (name.equals("format")) {
      return Value.Native.function(arguments -> format(text, arguments));
    }
    if (name.equals("format_map")) {
      return Value.Native.function(arguments -> formatMap(text, arguments));
    }
    TextMethods.Method method = TextMethods.find(name);
    return method == null
        ? null
        : Value.Native.function(arguments -> method.call(budget, text.value(), arguments));
  }

  private Value format(Str text, Arguments arguments) {
    return new Str(new BraceFormat(budget, this, arguments).run(text.value()));
  }

  private Value formatMap(Str text, Arguments arguments) {
    if (!(arguments.bind("format_map", "mapping").require(0) instanceof Value.Dict dict)) {
      throw Fault.failure("format_map() wants a dictionary");
    }
    java.util.Map<String, Value> named = new java.util.HashMap<>();
    dict.entries().forEach((key, entry) -> named.put(String.valueOf(key), entry.value()));
    return format(text, new Arguments(List.of(), named));
  }

  private Value method(Value.Dict dict, String name) {
    return switch (name) {
      case "get" -> Value.Native.function(arguments -> get(dict, arguments));
      case "keys" -> view(dict, Value.View.Part.KEYS);
      case "values" -> view(dict, Value.View.Part.VALUES);
      case "items" -> view(dict, Value.View.Part.ITEMS);
      case "copy" -> constant("copy", dict);
      default -> null;
    };
  }

  private static Value get(Value.Dict dict, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("get", "key", "default");
    Value found = Dicts.get(dict, bound.require(0));
    return found == null ? bound.get(1, Value.None.NONE) : found;
  }

  private static Value view(Value.Dict dict, Value.View.Part part) {
    return constant(part.name().toLowerCase(java.util.Locale.ROOT), new Value.View(part, dict));
  }

  private static Value constant(String name, Value value) {
    return Value.Native.function(
        arguments -> {
          arguments.bind(name);
          return value;
        });
  }

  private Value member(Sequence sequence, String name) {
    boolean group = sequence.kind() == Sequence.Kind.GROUP;
    return switch (name) {
      case "grouper" -> group ? sequence.items().get(0) : null;
      case "list" -> group ? sequence.items().get(1) : null;
      case "index" -> Value.Native.function(arguments -> index(sequence, arguments));
      case "count" -> Value.Native.function(arguments -> count(sequence, arguments));
      case "copy" -> sequence.kind() == Sequence.Kind.LIST ? constant("copy", sequence) : null;
      default -> null;
    };
  }

  private Value index(Sequence sequence, Arguments arguments) {
    Value wanted = arguments.bind("index", "value").require(0);
    for (int i = 0; i < sequence.items().size(); i++) {
      if (operators.equal(sequence.items().get(i), wanted)) {
        return Value.of((long) i);
      }
    }
    throw Fault.failure("index() did not find its value in the list");
  }

  private Value count(Sequence sequence, Arguments arguments) {
    Value wanted = arguments.bind("count", "value").require(0);
    return Value.of(sequence.items().stream().filter(i -> operators.equal(i, wanted)).count());
  }

  /** A path such as {@code function.name} or {@code 0.role}, as filters take it. */
  Value path(Value value, Value path, Value fallback) {
    Value result = value;
    for (Value part : parts(path)) {
      result = item(result, part);
      if (result instanceof Value.Undefined && fallback != null) {
        result = fallback;
      }
    }
    return result;
  }

  private static List<Value> parts(Value path) {
    if (!(path instanceof Str text)) {
      return List.of(path);
    }
    List<Value> parts = new ArrayList<>();
    for (String part : text.value().split("\\.", -1)) {
      boolean number =
          !part.isEmpty() && part.length() < 10 && part.chars().allMatch(Character::isDigit);
      parts.add(number ? Value.of(Long.parseLong(part)) : new Str(part));
    }
    return parts;
  }
}
