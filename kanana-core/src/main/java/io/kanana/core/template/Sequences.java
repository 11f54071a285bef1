package io.kanana.core.template;

import io.kanana.core.template.Value.Sequence;
import io.kanana.core.template.Value.Sequence.Kind;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Makes and goes through sequences, charging for what is made and for each turn. */
final class Sequences {
  private Sequences() {}

  static Sequence list(Budget budget, List<Value> items) {
    return of(budget, Kind.LIST, items);
  }

  static Sequence tuple(Budget budget, Value... items) {
    return of(budget, Kind.TUPLE, List.of(items));
  }

  static Sequence of(Budget budget, Kind kind, List<Value> items) {
    budget.items(items.size() + 1L);
    return new Sequence(kind, items, levels(budget, items) + 1);
  }

  static Value.Iteration iteration(Budget budget, List<Value> items) {
    budget.items(items.size());
    return new Value.Iteration(items, levels(budget, items) + 1);
  }

  static Sequence texts(Budget budget, List<String> texts) {
    List<Value> items = new ArrayList<>(texts.size());
    texts.forEach(text -> items.add(budget.text(text)));
    return list(budget, items);
  }

  private static int levels(Budget budget, List<Value> items) {
    int levels = 0;
    for (Value item : items) {
      levels = Math.max(levels, item.levels());
    }
    budget.nesting(levels + 1);
    return levels;
  }

  static boolean iterable(Value value) {
    return switch (value) {
      case Value.Str _, Sequence _, Value.Dict _, Value.Range _ -> true;
      case Value.View _, Value.Iteration _, Value.Undefined _ -> true;
      default -> false;
    };
  }

  /** All items at once. */
  static List<Value> items(Budget budget, Value value) {
    if (value instanceof Sequence sequence) {
      budget.steps(sequence.items().size());
      return sequence.items();
    }
    List<Value> items = new ArrayList<>();
    Iterator<Value> iterator = iterator(budget, value);
    while (iterator.hasNext()) {
      budget.items(1);
      items.add(iterator.next());
    }
    return items;
  }

  /** Goes through the items; each turn is a step. */
  static Iterator<Value> iterator(Budget budget, Value value) {
    Iterator<Value> items =
        switch (value) {
          case Value.Undefined undefined -> {
            undefined.require();
            yield List.<Value>of().iterator();
          }
          case Sequence sequence -> sequence.items().iterator();
          case Value.Iteration iteration -> iteration.take().iterator();
          case Value.Str text -> characters(text.value());
          case Value.Range range -> numbers(range);
          case Value.Dict dict -> keys(dict);
          case Value.View view -> view(budget, view);
          default -> throw Fault.failure("a " + value.type() + " cannot be gone through");
        };
    return new Charged(budget, items);
  }

  private static Iterator<Value> characters(String text) {
    return text.codePoints().<Value>mapToObj(c -> new Value.Str(Character.toString(c))).iterator();
  }

  private static Iterator<Value> numbers(Value.Range range) {
    return java.util.stream.LongStream.range(0, range.length())
        .<Value>mapToObj(i -> Value.of(range.at(i)))
        .iterator();
  }

  private static Iterator<Value> keys(Value.Dict dict) {
    return dict.all().stream().map(Value.Dict.Entry::key).iterator();
  }

  private static Iterator<Value> view(Budget budget, Value.View view) {
    return switch (view.part()) {
      case KEYS -> keys(view.dict());
      case VALUES -> view.dict().all().stream().map(Value.Dict.Entry::value).iterator();
      case ITEMS ->
          view.dict().all().stream()
              .<Value>map(entry -> tuple(budget, entry.key(), entry.value()))
              .iterator();
    };
  }

  /** The number of items, or null where a value has none. */
  static Long length(Value value) {
    return switch (value) {
      case Value.Undefined undefined -> {
        undefined.require();
        yield 0L;
      }
      case Value.Str text -> (long) PythonText.length(text.value());
      case Sequence sequence -> (long) sequence.items().size();
      case Value.Dict dict -> (long) dict.entries().size();
      case Value.View view -> (long) view.dict().entries().size();
      case Value.Range range -> range.length();
      default -> null;
    };
  }

  private record Charged(Budget budget, Iterator<Value> items) implements Iterator<Value> {
    @Override
    public boolean hasNext() {
      return items.hasNext();
    }

    @Override
    public Value next() {
      budget.step();
      return items.next();
    }
  }
}
