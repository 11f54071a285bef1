package io.kanana.core.template;

import io.kanana.core.template.Arguments.Bound;
import io.kanana.core.template.Filters.Filter;
import io.kanana.core.template.Value.Sequence;
import io.kanana.core.template.Value.Str;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Filters that order, choose or change the items of a collection. */
final class ChoiceFilters {
  static final Map<String, Filter> ALL =
      Map.ofEntries(
          Map.entry("sort", ChoiceFilters::sort),
          Map.entry("dictsort", ChoiceFilters::dictSort),
          Map.entry("unique", ChoiceFilters::unique),
          Map.entry("groupby", ChoiceFilters::groupBy),
          Map.entry("min", (e, input, arguments) -> extreme(e, input, arguments, "min")),
          Map.entry("max", (e, input, arguments) -> extreme(e, input, arguments, "max")),
          Map.entry("map", ChoiceFilters::map),
          Map.entry("select", (e, input, a) -> select(e, input, a, true)),
          Map.entry("reject", (e, input, a) -> select(e, input, a, false)),
          Map.entry("selectattr", (e, input, a) -> selectAttribute(e, input, a, true)),
          Map.entry("rejectattr", (e, input, a) -> selectAttribute(e, input, a, false)));

  private ChoiceFilters() {}

  /** Reads a path of an item, or the item itself; texts regardless of case if so wanted. */
  private static UnaryOperator<Value> key(
      Evaluator evaluator, Value path, Value fallback, boolean ignoresCase) {
    return item -> {
      Value key =
          path instanceof Value.None ? item : evaluator.attributes().path(item, path, fallback);
      if (!ignoresCase || !(key instanceof Str text)) {
        return key;
      }
      return evaluator.budget().text(text.value().toLowerCase(Locale.ROOT));
    };
  }

  private static Value sort(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
    boolean ignoresCase = !bound.flag(1, false);
    Value paths = bound.get(2, Value.None.NONE);
    List<Value> items = evaluator.items(input);
    boolean several = paths instanceof Str text && text.value().contains(",");
    UnaryOperator<Value> key =
        several
            ? keys(evaluator, ((Str) paths).value(), ignoresCase)
            : key(evaluator, paths, null, ignoresCase);
    return evaluator.list(evaluator.operators().sorted(items, key, bound.flag(0, false)));
  }

  private static UnaryOperator<Value> keys(Evaluator evaluator, String paths, boolean ignoresCase) {
    List<UnaryOperator<Value>> keys = new ArrayList<>();
    for (String path : paths.split(",", -1)) {
      keys.add(key(evaluator, new Str(path), null, ignoresCase));
    }
    return item -> evaluator.list(keys.stream().map(key -> key.apply(item)).toList());
  }

  private static Value dictSort(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
    if (!(input instanceof Value.Dict dict)) {
      Operators.requireDefined(input);
      throw Fault.failure("dictsort() wants a dictionary, not a " + input.type());
    }
    String by = bound.text(1, "key");
    if (!by.equals("key") && !by.equals("value")) {
      throw Fault.failure("dictsort() sorts by 'key' or by 'value', not by '" + by + "'");
    }
    Value place = Value.of(by.equals("key") ? 0L : 1L);
    List<Value> pairs = evaluator.items(new Value.View(Value.View.Part.ITEMS, dict));
    UnaryOperator<Value> key = key(evaluator, place, null, !bound.flag(0, false));
    return evaluator.list(evaluator.operators().sorted(pairs, key, bound.flag(2, false)));
  }

  private static Value unique(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
    UnaryOperator<Value> key =
        key(evaluator, bound.get(1, Value.None.NONE), null, !bound.flag(0, false));
    List<Value> seen = new ArrayList<>();
    List<Value> kept = new ArrayList<>();
    for (Value item : evaluator.items(input)) {
      Value itemKey = key.apply(item);
      if (seen.stream().noneMatch(other -> evaluator.operators().equal(other, itemKey))) {
        seen.add(itemKey);
        kept.add(item);
      }
    }
    return Sequences.iteration(evaluator.budget(), kept);
  }

  private static Value groupBy(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("groupby", "attribute", "default", "case_sensitive");
    Value fallback = bound.given(1) ? bound.require(1) : null;
    boolean ignoresCase = !bound.flag(2, false);
    UnaryOperator<Value> exact = key(evaluator, bound.require(0), fallback, false);
    UnaryOperator<Value> key = key(evaluator, bound.require(0), fallback, ignoresCase);
    List<Value> groups = new ArrayList<>();
    List<Value> group = new ArrayList<>();
    for (Value item : evaluator.operators().sorted(evaluator.items(input), key, false)) {
      boolean another =
          !group.isEmpty()
              && !evaluator.operators().equal(key.apply(group.getFirst()), key.apply(item));
      if (another) {
        groups.add(group(evaluator, exact, group));
        group = new ArrayList<>();
      }
      group.add(item);
    }
    if (!group.isEmpty()) {
      groups.add(group(evaluator, exact, group));
    }
    return evaluator.list(groups);
  }

  private static Value group(Evaluator evaluator, UnaryOperator<Value> key, List<Value> items) {
    List<Value> pair = List.of(key.apply(items.getFirst()), evaluator.list(items));
    return Sequences.of(evaluator.budget(), Sequence.Kind.GROUP, pair);
  }

  private static Value extreme(Evaluator evaluator, Value input, Arguments arguments, String name) {
    Bound bound = arguments.bind(name, "case_sensitive", "attribute");
    UnaryOperator<Value> key =
        key(evaluator, bound.get(1, Value.None.NONE), null, !bound.flag(0, false));
    int wanted = name.equals("min") ? -1 : 1;
    Value best = null;
    Value bestKey = null;
    for (Value item : evaluator.items(input)) {
      Value itemKey = key.apply(item);
      if (best == null || Integer.signum(evaluator.operators().order(itemKey, bestKey)) == wanted) {
        best = item;
        bestKey = itemKey;
      }
    }
    return best == null ? new Value.Undefined("'" + name + "' of nothing") : best;
  }

  private static Value map(Evaluator evaluator, Value input, Arguments arguments) {
    UnaryOperator<Value> change;
    if (arguments.positional().isEmpty()) {
      Bound bound = arguments.bind("map", "attribute", "default");
      Value path = bound.require(0);
      Value fallback = bound.given(1) ? bound.require(1) : null;
      change = item -> evaluator.attributes().path(item, path, fallback);
    } else {
      String name = name("map", arguments);
      Arguments rest = arguments.rest();
      change = item -> evaluator.filter(name, item, rest);
    }
    List<Value> changed = evaluator.items(input).stream().map(change).toList();
    return Sequences.iteration(evaluator.budget(), changed);
  }

  private static String name(String filter, Arguments arguments) {
    if (arguments.positional().getFirst() instanceof Str name) {
      return name.value();
    }
    throw Fault.failure(filter + "() wants a name as its first argument");
  }

  private static Value select(
      Evaluator evaluator, Value input, Arguments arguments, boolean wanted) {
    return chosen(evaluator, input, UnaryOperator.identity(), arguments, wanted);
  }

  private static Value selectAttribute(
      Evaluator evaluator, Value input, Arguments arguments, boolean wanted) {
    if (arguments.positional().isEmpty()) {
      throw Fault.failure("selectattr() wants the name of an attribute");
    }
    Value path = arguments.positional().getFirst();
    UnaryOperator<Value> key = item -> evaluator.attributes().path(item, path, null);
    return chosen(evaluator, input, key, arguments.rest(), wanted);
  }

  private static Value chosen(
      Evaluator evaluator,
      Value input,
      UnaryOperator<Value> key,
      Arguments arguments,
      boolean wanted) {
    boolean plain = arguments.positional().isEmpty();
    String test = plain ? null : name("select", arguments);
    Arguments rest = plain ? arguments : arguments.rest();
    List<Value> kept = new ArrayList<>();
    for (Value item : evaluator.items(input)) {
      Value value = key.apply(item);
      boolean holds = plain ? Operators.truth(value) : evaluator.test(test, value, rest);
      if (holds == wanted) {
        kept.add(item);
      }
    }
    return Sequences.iteration(evaluator.budget(), kept);
  }
}
