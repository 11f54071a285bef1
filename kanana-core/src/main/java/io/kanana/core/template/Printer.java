package io.kanana.core.template;

import io.kanana.core.template.Value.Sequence;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** Text of values as Python's {@code str} and {@code repr} give it. */
final class Printer {
  private final Budget budget;
  private final StringBuilder out = new StringBuilder();
  private int charged;

  private Printer(Budget budget) {
    this.budget = budget;
  }

  /** {@code str(value)}. */
  static String text(Budget budget, Value value) {
    return switch (value) {
      case Value.Str text -> text.value();
      case Value.Undefined undefined -> {
        undefined.require();
        yield "";
      }
      default -> repr(budget, value);
    };
  }

  /** {@code repr(value)}. */
  static String repr(Budget budget, Value value) {
    Printer printer = new Printer(budget);
    printer.print(value);
    printer.charge();
    return printer.out.toString();
  }

  /** Charges for what was written since the last time, so that growth is noticed early. */
  private void charge() {
    budget.characters(out.length() - charged);
    charged = out.length();
  }

  private void print(Value value) {
    budget.step();
    charge();
    switch (value) {
      case Value.Undefined _ -> out.append("Undefined");
      case Value.None _ -> out.append("None");
      case Value.Bool flag -> out.append(flag.value() ? "True" : "False");
      case Value.Int number -> out.append(number.value());
      case Value.Real number -> out.append(PythonNumber.repr(number.value()));
      case Value.Str text -> quote(text.value());
      case Sequence sequence -> sequence(sequence);
      case Value.Dict dict -> dict(dict);
      case Value.Range range -> range(range);
      case Value.View view -> view(view);
      case Value.Iteration _, Value.Namespace _, Value.Native _ ->
          throw Fault.failure(
              String.format(
                  Locale.ROOT,
                  "a %s has no text%s",
                  value.type(),
                  value instanceof Value.Iteration ? "; add '| list'" : ""));
    }
  }

  private void quote(String text) {
    budget.characters(text.length());
    PythonText.quote(text, out);
  }

  private void sequence(Sequence sequence) {
    boolean list = sequence.kind() == Sequence.Kind.LIST;
    out.append(list ? '[' : '(');
    items(sequence.items().iterator());
    out.append(list ? "]" : sequence.items().size() == 1 ? ",)" : ")");
  }

  private void items(Iterator<Value> items) {
    for (boolean first = true; items.hasNext(); first = false) {
      out.append(first ? "" : ", ");
      print(items.next());
    }
  }

  private void dict(Value.Dict dict) {
    out.append('{');
    boolean first = true;
    for (Value.Dict.Entry entry : dict.all()) {
      out.append(first ? "" : ", ");
      print(entry.key());
      out.append(": ");
      print(entry.value());
      first = false;
    }
    out.append('}');
  }

  private void range(Value.Range range) {
    out.append("range(").append(range.start()).append(", ");
    out.append(range.stop());
    out.append(range.step() == 1 ? "" : ", " + range.step()).append(')');
  }

  private void view(Value.View view) {
    out.append(view.type()).append("([");
    items(Sequences.iterator(budget, view));
    out.append("])");
  }

  /** The texts of several values, joined. */
  static String join(Budget budget, List<Value> values, String separator) {
    StringBuilder joined = new StringBuilder();
    String between = "";
    for (Value value : values) {
      String text = text(budget, value);
      budget.characters((long) text.length() + between.length());
      joined.append(between).append(text);
      between = separator;
    }
    return joined.toString();
  }
}
