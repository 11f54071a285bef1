package io.kanana.core.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Values as Python's {@code json.dumps} writes them. */
final class JsonText {
  /**
   * @param ascii whether other characters are escaped
   * @param indent what one level is indented by, or null for one line
   * @param itemSeparator between items, {@code keySeparator} between a key and its value
   * @param sorted whether keys are in order
   */
  record Layout(
      boolean ascii, String indent, String itemSeparator, String keySeparator, boolean sorted) {}

  private final Operators operators;
  private final Budget budget;
  private final Layout layout;
  private final StringBuilder out = new StringBuilder();
  private int charged;

  private JsonText(Budget budget, Layout layout) {
    this.operators = new Operators(budget);
    this.budget = budget;
    this.layout = layout;
  }

  static String write(Budget budget, Value value, Layout layout) {
    JsonText json = new JsonText(budget, layout);
    json.value(value, 0);
    json.charge();
    return json.out.toString();
  }

  private void charge() {
    budget.characters(out.length() - charged);
    charged = out.length();
  }

  private void value(Value value, int level) {
    budget.step();
    charge();
    switch (value) {
      case Value.None _ -> out.append("null");
      case Value.Bool flag -> out.append(flag.value());
      case Value.Int number -> out.append(number.value());
      case Value.Real number -> out.append(real(number.value()));
      case Value.Str text -> string(text.value());
      case Value.Sequence sequence -> array(sequence.items(), level);
      case Value.Dict dict -> object(dict, level);
      default -> throw Fault.failure("a " + value.type() + " cannot be written as JSON");
    }
  }

  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    return Double.isInfinite(value)
        ? value > 0 ? "Infinity" : "-Infinity"
        : PythonNumber.repr(value);
  }

  private void array(List<Value> items, int level) {
    out.append('[');
    boolean first = true;
    for (Value item : items) {
      separate(first, level + 1);
      value(item, level + 1);
      first = false;
    }
    close(first, level, ']');
  }

  private void object(Value.Dict dict, int level) {
    List<Value.Dict.Entry> entries = new ArrayList<>(dict.all());
    if (layout.sorted()) {
      entries.sort(Comparator.comparing(Value.Dict.Entry::key, operators::order));
    }
    out.append('{');
    boolean first = true;
    for (Value.Dict.Entry entry : entries) {
      separate(first, level + 1);
      key(entry.key());
      out.append(layout.keySeparator());
      value(entry.value(), level + 1);
      first = false;
    }
    close(first, level, '}');
  }

  private void key(Value key) {
    if (key instanceof Value.Str text) {
      string(text.value());
    } else {
      out.append('"');
      value(key, 0);
      out.append('"');
    }
  }

  private void separate(boolean first, int level) {
    if (!first) {
      out.append(layout.itemSeparator());
    }
    newLine(level);
  }

  private void close(boolean empty, int level, char bracket) {
    if (!empty) {
      newLine(level);
    }
    out.append(bracket);
  }

  private void newLine(int level) {
    if (layout.indent() != null) {
      budget.characters((long) layout.indent().length() * level);
      out.append('\n').repeat(layout.indent(), level);
    }
  }

  private void string(String text) {
    budget.characters(text.length());
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      character(text.charAt(i));
    }
    out.append('"');
  }

  private void character(char c) {
    int plain = "\"\\\n\r\t\f\b".indexOf(c);
    if (plain >= 0) {
      out.append('\\').append("\"\\nrtfb".charAt(plain));
    } else if (c < 0x20 || (layout.ascii() && c > 0x7e)) {
      out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
    } else {
      out.append(c);
    }
  }
}
