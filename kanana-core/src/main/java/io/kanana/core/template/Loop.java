package io.kanana.core.template;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Where a {@code for} stands: what its {@code loop} tells. */
final class Loop {
  private final List<Value> items;
  private final int depth;
  private final Operators operators;
  private int index;
  private List<Value> last;

  Loop(Operators operators, List<Value> items, int depth) {
    this.operators = operators;
    this.items = items;
    this.depth = depth;
  }

  void at(int newIndex) {
    index = newIndex;
  }

  /**
   * The {@code loop} of a template.
   *
   * @param again what calling it does, or null if the loop is not recursive
   */
  Value.Native value(Function<Arguments, Value> again) {
    Map<String, Supplier<Value>> attributes = new HashMap<>();
    attributes.put("index", () -> Value.of(index + 1L));
    attributes.put("index0", () -> Value.of((long) index));
    attributes.put("revindex", () -> Value.of((long) items.size() - index));
    attributes.put("revindex0", () -> Value.of(items.size() - index - 1L));
    attributes.put("first", () -> Value.of(index == 0));
    attributes.put("last", () -> Value.of(index == items.size() - 1));
    attributes.put("length", () -> Value.of((long) items.size()));
    attributes.put("depth", () -> Value.of(depth + 1L));
    attributes.put("depth0", () -> Value.of((long) depth));
    attributes.put("previtem", () -> neighbour(index - 1));
    attributes.put("nextitem", () -> neighbour(index + 1));
    attributes.put("cycle", () -> Value.Native.function(this::cycle));
    attributes.put("changed", () -> Value.Native.function(this::changed));
    return new Value.Native("LoopContext", attributes, again);
  }

  private Value neighbour(int place) {
    return place >= 0 && place < items.size()
        ? items.get(place)
        : new Value.Undefined("the loop has no item before or after this one");
  }

  private Value cycle(Arguments arguments) {
    List<Value> values = arguments.positional();
    if (values.isEmpty()) {
      throw Fault.failure("loop.cycle() wants values");
    }
    return values.get(index % values.size());
  }

  private Value changed(Arguments arguments) {
    List<Value> values = arguments.positional();
    boolean same = last != null && last.size() == values.size();
    for (int i = 0; same && i < values.size(); i++) {
      same = operators.equal(last.get(i), values.get(i));
    }
    last = values;
    return Value.of(!same);
  }
}
