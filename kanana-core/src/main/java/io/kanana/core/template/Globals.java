package io.kanana.core.template;

import io.kanana.core.template.Value.Str;
import java.math.BigInteger;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The functions that every chat template can call. */
final class Globals {
  private static final int LARGEST_NUMBER_BITS = 62;

  private final Budget budget;
  private final Clock clock;

  Globals(Budget budget, Clock clock) {
    this.budget = budget;
    this.clock = clock;
  }

  Map<String, Value> functions() {
    Map<String, Value> functions = new HashMap<>();
    functions.put("raise_exception", Value.Native.function(this::raise));
    functions.put("strftime_now", Value.Native.function(this::now));
    functions.put("range", Value.Native.function(this::range));
    functions.put("dict", Value.Native.function(this::dict));
    functions.put("namespace", Value.Native.function(this::namespace));
    functions.put("cycler", Value.Native.function(this::cycler));
    functions.put("joiner", Value.Native.function(this::joiner));
    return functions;
  }

  private Value raise(Arguments arguments) {
    Value message = arguments.bind("raise_exception", "message").require(0);
    throw Fault.refused(Printer.text(budget, message));
  }

  private Value now(Arguments arguments) {
    String format = arguments.bind("strftime_now", "format").text(0);
    // no field is longer than this
    budget.characters(format.length() * 32L);
    return budget.text(TimeFormat.format(LocalDateTime.now(clock), format));
  }

  private Value range(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("range", "start", "stop", "step");
    boolean one = !bound.has(1);
    long start = one ? 0 : number(bound.require(0));
    long stop = number(bound.require(one ? 0 : 1));
    long step = bound.has(2) ? number(bound.require(2)) : 1;
    if (step == 0) {
      throw Fault.failure("the step of range() cannot be zero");
    }
    BigInteger span = BigInteger.valueOf(stop).subtract(BigInteger.valueOf(start));
    BigInteger stride = BigInteger.valueOf(step);
    BigInteger sign = BigInteger.valueOf(stride.signum());
    BigInteger length = span.add(stride).subtract(sign).divide(stride).max(BigInteger.ZERO);
    if (span.signum() != stride.signum()) {
      length = BigInteger.ZERO;
    }
    if (length.compareTo(BigInteger.valueOf(budget.limits().range())) > 0) {
      throw Fault.bound("its range() spans more than " + budget.limits().range() + " numbers");
    }
    return new Value.Range(start, stop, step, length.longValueExact());
  }

  private static long number(Value value) {
    BigInteger number = Operators.integer(value);
    if (number == null) {
      Operators.requireDefined(value);
      throw Fault.failure("range() wants integers, not a " + value.type());
    }
    if (number.bitLength() > LARGEST_NUMBER_BITS) {
      throw Fault.bound("its range() reaches beyond " + LARGEST_NUMBER_BITS + " bits");
    }
    return number.longValueExact();
  }

  private Value dict(Arguments arguments) {
    Dicts.Builder builder = new Dicts.Builder(budget);
    if (!arguments.positional().isEmpty()) {
      fill(builder, arguments);
    }
    return builder.putAll(arguments.named()).build();
  }

  private void fill(Dicts.Builder builder, Arguments arguments) {
    Value source = new Arguments(arguments.positional(), Map.of()).bind("dict", "pairs").require(0);
    if (source instanceof Value.Dict other) {
      builder.putAll(other);
      return;
    }
    Iterator<Value> pairs = Sequences.iterator(budget, source);
    while (pairs.hasNext()) {
      List<Value> pair = Sequences.items(budget, pairs.next());
      if (pair.size() != 2) {
        throw Fault.failure("dict() wants pairs, not " + pair.size() + " values");
      }
      builder.put(pair.get(0), pair.get(1));
    }
  }

  private Value namespace(Arguments arguments) {
    Value.Namespace namespace = new Value.Namespace(new LinkedHashMap<>());
    for (Value.Dict.Entry entry : ((Value.Dict) dict(arguments)).all()) {
      if (!(entry.key() instanceof Str name)) {
        throw Fault.failure("the fields of a namespace are named by strings");
      }
      setField(budget, namespace, name.value(), entry.value());
    }
    return namespace;
  }

  /** Sets a field; names that start with an underscore are refused. */
  static void setField(Budget budget, Value.Namespace namespace, String name, Value value) {
    if (name.startsWith("_")) {
      throw Fault.unsafe("the field of a namespace cannot be named '" + name + "'");
    }
    budget.items(1);
    namespace.fields().put(name, value);
  }

  private Value cycler(Arguments arguments) {
    List<Value> values = arguments.positional();
    if (values.isEmpty()) {
      throw Fault.failure("cycler() wants values");
    }
    int[] at = {0};
    Map<String, Supplier<Value>> attributes =
        Map.of(
            "current",
            () -> values.get(at[0]),
            "next",
            () ->
                Value.Native.function(
                    _ -> {
                      Value current = values.get(at[0]);
                      at[0] = (at[0] + 1) % values.size();
                      return current;
                    }),
            "reset",
            () ->
                Value.Native.function(
                    _ -> {
                      at[0] = 0;
                      return Value.None.NONE;
                    }));
    return new Value.Native("Cycler", attributes, null);
  }

  private Value joiner(Arguments arguments) {
    Value separator = arguments.bind("joiner", "sep").get(0, new Str(", "));
    boolean[] used = {false};
    return new Value.Native(
        "Joiner",
        Map.of(),
        _ -> {
          Value text = used[0] ? separator : Value.Str.EMPTY;
          used[0] = true;
          return text;
        });
  }
}
