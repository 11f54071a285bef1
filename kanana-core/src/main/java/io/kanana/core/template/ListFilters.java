package io.kanana.core.template;

import io.kanana.core.template.Arguments.Bound;
import io.kanana.core.template.Filters.Filter;
import io.kanana.core.template.Value.Sequence;
import io.kanana.core.template.Value.Str;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Filters over collections as a whole. */
final class ListFilters {
  static final Map<String, Filter> ALL =
      Map.ofEntries(
          Map.entry("length", ListFilters::length),
          Map.entry("count", ListFilters::length),
          Map.entry("list", ListFilters::list),
          Map.entry("items", ListFilters::items),
          Map.entry("first", ListFilters::first),
          Map.entry("last", ListFilters::last),
          Map.entry("join", ListFilters::join),
          Map.entry("reverse", ListFilters::reverse),
          Map.entry("sum", ListFilters::sum),
          Map.entry("batch", ListFilters::batch),
          Map.entry("slice", ListFilters::slice),
          Map.entry("default", ListFilters::fallback),
          Map.entry("d", ListFilters::fallback),
          Map.entry("attr", ListFilters::attribute));

  private ListFilters() {}

  private static Value length(Evaluator evaluator, Value input, Arguments arguments) {
    arguments.bind("length");
    Long length = Sequences.length(input);
    if (length == null) {
      throw Fault.failure("a " + input.type() + " has no length");
    }
    evaluator.budget().scan(input instanceof Str text ? text.value().length() : 0);
    return Value.of(length);
  }

  private static Value list(Evaluator evaluator, Value input, Arguments arguments) {
    arguments.bind("list");
    return evaluator.list(evaluator.items(input));
  }

  private static Value items(Evaluator evaluator, Value input, Arguments arguments) {
    arguments.bind("items");
    if (input instanceof Value.Undefined undefined) {
      undefined.require();
      return Sequences.iteration(evaluator.budget(), List.of());
    }
    if (!(input instanceof Value.Dict dict)) {
      throw Fault.failure("items() wants a dictionary, not a " + input.type());
    }
    List<Value> pairs = evaluator.items(new Value.View(Value.View.Part.ITEMS, dict));
    return Sequences.iteration(evaluator.budget(), pairs);
  }

  private static Value first(Evaluator evaluator, Value input, Arguments arguments) {
    arguments.bind("first");
    Value first;
    if (input instanceof Value.Iteration iteration) {
      first = iteration.next();
    } else {
      var items = Sequences.iterator(evaluator.budget(), input);
      first = items.hasNext() ? items.next() : null;
    }
    return first == null ? new Value.Undefined("'first' of nothing") : first;
  }

  private static Value last(Evaluator evaluator, Value input, Arguments arguments) {
    arguments.bind("last");
    if (input instanceof Value.Iteration) {
      throw Fault.failure("'last' wants a list; add '| list' before it");
    }
    List<Value> items = evaluator.items(input);
    return items.isEmpty() ? new Value.Undefined("'last' of nothing") : items.getLast();
  }

  private static Value join(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("join", "d", "attribute");
    List<Value> items = evaluator.items(input);
    if (bound.given(1)) {
      Value path = bound.require(1);
      items = items.stream().map(i -> evaluator.attributes().path(i, path, null)).toList();
    }
    String separator = Printer.text(evaluator.budget(), bound.get(0, Value.Str.EMPTY));
    return new Str(Printer.join(evaluator.budget(), items, separator));
  }

  private static Value reverse(Evaluator evaluator, Value input, Arguments arguments) {
    arguments.bind("reverse");
    if (input instanceof Str text) {
      StringBuilder reversed = new StringBuilder(text.value()).reverse();
      return evaluator.budget().text(reversed.toString());
    }
    List<Value> items = new ArrayList<>(evaluator.items(input));
    Collections.reverse(items);
    return Sequences.iteration(evaluator.budget(), items);
  }

  private static Value sum(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("sum", "attribute", "start");
    Value total = bound.get(1, Value.of(0L));
    for (Value item : evaluator.items(input)) {
      Value value =
          bound.given(0) ? evaluator.attributes().path(item, bound.require(0), null) : item;
      total = evaluator.operators().binary("+", total, value);
    }
    return total;
  }

  private static Value batch(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("batch", "linecount", "fill_with");
    bound.require(0);
    int size = Math.max(1, bound.integer(0, 1));
    List<Value> items = evaluator.items(input);
    List<Value> batches = new ArrayList<>();
    int start = 0;
    while (start < items.size()) {
      int end = (int) Math.min((long) start + size, items.size());
      batches.add(filled(evaluator, items.subList(start, end), size, bound));
      start = end;
    }
    return Sequences.iteration(evaluator.budget(), batches);
  }

  private static Sequence filled(Evaluator evaluator, List<Value> items, int size, Bound bound) {
    List<Value> filled = new ArrayList<>(items);
    if (bound.given(1)) {
      evaluator.budget().items(size - items.size());
      filled.addAll(Collections.nCopies(size - items.size(), bound.require(1)));
    }
    return evaluator.list(filled);
  }

  private static Value slice(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("slice", "slices", "fill_with");
    bound.require(0);
    int slices = bound.integer(0, 1);
    if (slices < 1) {
      throw Fault.failure("slice() wants at least one slice");
    }
    List<Value> items = evaluator.items(input);
    int size = items.size() / slices;
    int larger = items.size() % slices;
    evaluator.budget().items(slices);
    List<Value> parts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < slices; i++) {
      int end = start + size + (i < larger ? 1 : 0);
      List<Value> part = new ArrayList<>(items.subList(start, end));
      if (bound.given(1) && i >= larger) {
        part.add(bound.require(1));
      }
      parts.add(evaluator.list(part));
      start = end;
    }
    return Sequences.iteration(evaluator.budget(), parts);
  }

  private static Value fallback(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("default", "default_value", "boolean");
    boolean missing = input instanceof Value.Undefined;
    boolean emptyToo = bound.flag(1, false);
    evaluator.budget().step();
    return missing || (emptyToo && !Operators.truth(input)) ? bound.get(0, Value.Str.EMPTY) : input;
  }

  private static Value attribute(Evaluator evaluator, Value input, Arguments arguments) {
    String name = arguments.bind("attr", "name").text(0);
    if (input instanceof Value.Dict dict && Dicts.get(dict, name) != null) {
      return new Value.Undefined("'attr' does not read the entries of a dictionary");
    }
    return evaluator.attributes().attribute(input, name);
  }
}
