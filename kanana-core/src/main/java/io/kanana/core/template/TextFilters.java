package io.kanana.core.template;

import io.kanana.core.template.Arguments.Bound;
import io.kanana.core.template.Filters.Filter;
import io.kanana.core.template.Value.Str;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Filters that make text. */
final class TextFilters {
  static final Map<String, Filter> ALL =
      Map.ofEntries(
          method("upper"),
          method("lower"),
          method("capitalize"),
          Map.entry("trim", TextFilters::trim),
          Map.entry("title", TextFilters::title),
          Map.entry("center", TextFilters::center),
          Map.entry("replace", TextFilters::replace),
          Map.entry("truncate", TextFilters::truncate),
          Map.entry("wordcount", TextFilters::wordCount),
          Map.entry("indent", TextFilters::indent),
          Map.entry("format", TextFilters::format),
          Map.entry("string", (e, input, arguments) -> string(e, input, "string", arguments)),
          Map.entry("safe", (e, input, arguments) -> string(e, input, "safe", arguments)),
          Map.entry("escape", TextFilters::escape),
          Map.entry("e", TextFilters::escape),
          Map.entry("forceescape", TextFilters::escape),
          Map.entry("striptags", TextFilters::stripTags),
          Map.entry("urlencode", TextFilters::urlEncode),
          Map.entry("tojson", TextFilters::toJson));

  private TextFilters() {}

  private static Map.Entry<String, Filter> method(String name) {
    return Map.entry(
        name,
        (evaluator, input, arguments) -> {
          String text = Printer.text(evaluator.budget(), input);
          return TextMethods.find(name).call(evaluator.budget(), text, arguments);
        });
  }

  private static Value string(Evaluator evaluator, Value input, String name, Arguments arguments) {
    arguments.bind(name);
    return input instanceof Str ? input : new Str(Printer.text(evaluator.budget(), input));
  }

  private static Value trim(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("trim", "chars");
    String text = Printer.text(evaluator.budget(), input);
    Arguments characters = Arguments.of(bound.get(0, Value.None.NONE));
    return TextMethods.find("strip").call(evaluator.budget(), text, characters);
  }

  private static Value title(Evaluator evaluator, Value input, Arguments arguments) {
    arguments.bind("title");
    String text = Printer.text(evaluator.budget(), input);
    StringBuilder out = new StringBuilder();
    int start = 0;
    while (start < text.length()) {
      boolean separator = separatesWords(text.codePointAt(start));
      int end = start;
      while (end < text.length() && separatesWords(text.charAt(end)) == separator) {
        end++;
      }
      out.append(capital(text.substring(start, end)));
      start = end;
    }
    return evaluator.budget().text(out.toString());
  }

  private static boolean separatesWords(int c) {
    return PythonText.isSpace(c) || "-({[<".indexOf(c) >= 0;
  }

  private static String capital(String word) {
    int first = Character.charCount(word.codePointAt(0));
    return word.substring(0, first).toUpperCase(Locale.ROOT)
        + word.substring(first).toLowerCase(Locale.ROOT);
  }

  private static Value center(Evaluator evaluator, Value input, Arguments arguments) {
    int width = arguments.bind("center", "width").integer(0, 80);
    String text = Printer.text(evaluator.budget(), input);
    return TextMethods.pad(evaluator.budget(), text, width, " ", '^');
  }

  private static Value replace(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("replace", "old", "new", "count");
    Budget budget = evaluator.budget();
    String text = Printer.text(budget, input);
    String old = Printer.text(budget, bound.require(0));
    String replacement = Printer.text(budget, bound.require(1));
    int count = bound.given(2) ? bound.integer(2, -1) : -1;
    return new Str(TextMethods.replace(budget, text, old, replacement, count));
  }

  private static Value truncate(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
    String text = Printer.text(evaluator.budget(), input);
    String end = bound.text(2, "...");
    int length = bound.integer(0, 255);
    int leeway = bound.given(3) ? bound.integer(3, 5) : 5;
    int kept = length - PythonText.length(end);
    if (kept < 0 || leeway < 0) {
      throw Fault.failure("truncate() wants a length of at least its end's, and a leeway");
    }
    if (PythonText.length(text) <= (long) length + leeway) {
      return evaluator.budget().text(text);
    }
    String cut = text.substring(0, PythonText.index(text, kept));
    int blank = cut.lastIndexOf(' ');
    String result = bound.flag(1, false) || blank < 0 ? cut : cut.substring(0, blank);
    return evaluator.budget().text(result + end);
  }

  private static Value wordCount(Evaluator evaluator, Value input, Arguments arguments) {
    arguments.bind("wordcount");
    String text = Printer.text(evaluator.budget(), input);
    evaluator.budget().scan(text.length());
    long count = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      boolean word = c == '_' || Character.isLetterOrDigit(c);
      count += word && !inWord ? 1 : 0;
      inWord = word;
    }
    return Value.of(count);
  }

  private static Value indent(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("indent", "width", "first", "blank");
    Budget budget = evaluator.budget();
    String text = Printer.text(budget, input);
    String indent =
        bound.get(0, Value.of(4L)) instanceof Str given
            ? given.value()
            : evaluator.operators().repeat(" ", bound.integer(0, 4));
    boolean blank = bound.flag(2, false);
    StringBuilder out = new StringBuilder(bound.flag(1, false) ? indent : "");
    List<String> lines = PythonText.lines(text + "\n", false);
    for (int i = 0; i < lines.size(); i++) {
      String before = i == 0 ? "" : blank || !lines.get(i).isEmpty() ? "\n" + indent : "\n";
      budget.characters((long) before.length() + lines.get(i).length());
      out.append(before).append(lines.get(i));
    }
    return new Str(out.toString());
  }

  private static Value format(Evaluator evaluator, Value input, Arguments arguments) {
    Budget budget = evaluator.budget();
    boolean both = !arguments.positional().isEmpty() && !arguments.named().isEmpty();
    if (both) {
      throw Fault.failure("format() takes arguments by position or by name, not both");
    }
    Value values =
        arguments.named().isEmpty()
            ? Sequences.of(budget, Value.Sequence.Kind.TUPLE, arguments.positional())
            : new Dicts.Builder(budget).putAll(arguments.named()).build();
    return new Str(new PercentFormat(budget, Printer.text(budget, input), values).run());
  }

  private static Value escape(Evaluator evaluator, Value input, Arguments arguments) {
    arguments.bind("escape");
    Budget budget = evaluator.budget();
    String text = Printer.text(budget, input);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      String escaped = entity(text.charAt(i));
      budget.characters(escaped.length());
      out.append(escaped);
    }
    return new Str(out.toString());
  }

  private static String entity(char c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '"' -> "&#34;";
      case '\'' -> "&#39;";
      default -> String.valueOf(c);
    };
  }

  /** Without comments and tags, white space collapsed, and the five entities of HTML undone. */
  private static Value stripTags(Evaluator evaluator, Value input, Arguments arguments) {
    arguments.bind("striptags");
    Budget budget = evaluator.budget();
    String text = Printer.text(budget, input);
    budget.scan(text.length());
    String bare = without(without(text, "<!--", "-->"), "<", ">");
    List<String> words = new ArrayList<>();
    for (Value word : Sequences.items(budget, split(budget, bare))) {
      words.add(((Str) word).value());
    }
    String joined = String.join(" ", words);
    return budget.text(
        joined
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&#34;", "\"")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&"));
  }

  private static Value split(Budget budget, String text) {
    return TextMethods.find("split").call(budget, text, Arguments.NONE);
  }

  private static String without(String text, String open, String close) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int start = text.indexOf(open, at);
      int end = start < 0 ? -1 : text.indexOf(close, start);
      if (end < 0) {
        break;
      }
      out.append(text, at, start);
      at = end + close.length();
    }
    return out.append(text, at, text.length()).toString();
  }

  private static Value urlEncode(Evaluator evaluator, Value input, Arguments arguments) {
    arguments.bind("urlencode");
    Budget budget = evaluator.budget();
    if (input instanceof Str || !Sequences.iterable(input)) {
      return budget.text(quote(budget, Printer.text(budget, input), true));
    }
    Value pairs =
        input instanceof Value.Dict dict ? new Value.View(Value.View.Part.ITEMS, dict) : input;
    List<String> parts = new ArrayList<>();
    for (Value pair : evaluator.items(pairs)) {
      List<Value> both = evaluator.items(pair);
      if (both.size() != 2) {
        throw Fault.failure("urlencode() wants pairs");
      }
      String key = quote(budget, Printer.text(budget, both.get(0)), false);
      parts.add(key + "=" + quote(budget, Printer.text(budget, both.get(1)), false));
    }
    return budget.text(String.join("&", parts));
  }

  private static String quote(Budget budget, String text, boolean path) {
    budget.characters(text.length() * 9L);
    StringBuilder out = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      int c = each & 0xff;
      boolean letter = c < 0x80 && Character.isLetterOrDigit(c);
      if (letter || "_.-~".indexOf(c) >= 0 || (c == '/' && path)) {
        out.append((char) c);
      } else {
        out.append(c == ' ' && !path ? "+" : String.format(Locale.ROOT, "%%%02X", c));
      }
    }
    return out.toString();
  }

  private static Value toJson(Evaluator evaluator, Value input, Arguments arguments) {
    Bound bound = arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
    Budget budget = evaluator.budget();
    String indent = bound.given(1) ? indent(evaluator, bound) : null;
    String item = indent == null ? ", " : ",";
    String key = ": ";
    if (bound.given(2)) {
      List<Value> both = evaluator.items(bound.require(2));
      if (both.size() != 2 || !(both.get(0) instanceof Str a) || !(both.get(1) instanceof Str b)) {
        throw Fault.failure("tojson() wants two strings as 'separators'");
      }
      item = a.value();
      key = b.value();
    }
    JsonText.Layout layout =
        new JsonText.Layout(bound.flag(0, false), indent, item, key, bound.flag(3, false));
    return new Str(JsonText.write(budget, input, layout));
  }

  private static String indent(Evaluator evaluator, Bound bound) {
    return bound.require(1) instanceof Str text
        ? text.value()
        : evaluator.operators().repeat(" ", bound.integer(1, 0));
  }
}
