package io.kanana.core.template;

import io.kanana.core.template.Arguments.Bound;
import io.kanana.core.template.Value.Str;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** The methods of Python's {@code str} that a template may call. */
final class TextMethods {
  /** A method over the text that it was looked up on. */
  interface Method {
    Value call(Budget budget, String text, Arguments arguments);
  }

  private static final Map<String, Method> METHODS =
      Map.ofEntries(
          plain("upper", text -> text.toUpperCase(Locale.ROOT)),
          plain("lower", text -> text.toLowerCase(Locale.ROOT)),
          plain("casefold", text -> text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT)),
          plain("capitalize", TextMethods::capitalize),
          plain("title", TextMethods::title),
          plain("swapcase", TextMethods::swapCase),
          strip("strip", true, true),
          strip("lstrip", true, false),
          strip("rstrip", false, true),
          Map.entry("split", (budget, text, a) -> split(budget, text, a, false)),
          Map.entry("rsplit", (budget, text, a) -> split(budget, text, a, true)),
          Map.entry("splitlines", TextMethods::splitLines),
          Map.entry("join", TextMethods::join),
          Map.entry("replace", TextMethods::replace),
          Map.entry("startswith", (budget, text, a) -> affix(budget, "startswith", text, a)),
          Map.entry("endswith", (budget, text, a) -> affix(budget, "endswith", text, a)),
          Map.entry("removeprefix", TextMethods::removePrefix),
          Map.entry("removesuffix", TextMethods::removeSuffix),
          Map.entry("find", (budget, text, a) -> find(budget, "find", text, a)),
          Map.entry("rfind", (budget, text, a) -> find(budget, "rfind", text, a)),
          Map.entry("index", (budget, text, a) -> find(budget, "index", text, a)),
          Map.entry("rindex", (budget, text, a) -> find(budget, "rindex", text, a)),
          Map.entry("count", TextMethods::count),
          Map.entry("partition", (budget, text, a) -> partition(budget, text, a, false)),
          Map.entry("rpartition", (budget, text, a) -> partition(budget, text, a, true)),
          pad("center", '^'),
          pad("ljust", '<'),
          pad("rjust", '>'),
          Map.entry("zfill", TextMethods::zeroFill),
          Map.entry("expandtabs", TextMethods::expandTabs),
          all("isdigit", Character::isDigit),
          all("isdecimal", Character::isDigit),
          all("isnumeric", Character::isDigit),
          all("isalpha", Character::isLetter),
          all("isalnum", Character::isLetterOrDigit),
          all("isspace", PythonText::isSpace),
          check("isascii", text -> text.chars().allMatch(c -> c < 0x80)),
          check("isprintable", text -> text.codePoints().allMatch(PythonText::printable)),
          check("isupper", text -> cased(text, Character::isUpperCase, Character::isLowerCase)),
          check("islower", text -> cased(text, Character::isLowerCase, Character::isUpperCase)),
          check("istitle", text -> hasCase(text) && title(text).equals(text)));

  private TextMethods() {}

  /** The method of a name, or null. */
  static Method find(String name) {
    return METHODS.get(name);
  }

  private static Map.Entry<String, Method> plain(String name, UnaryOperator<String> change) {
    return Map.entry(
        name,
        (budget, text, arguments) -> {
          arguments.bind(name);
          // a character can become up to three others
          budget.characters(text.length());
          return budget.text(change.apply(text));
        });
  }

  private static Map.Entry<String, Method> check(
      String name, java.util.function.Predicate<String> check) {
    return Map.entry(
        name,
        (budget, text, arguments) -> {
          arguments.bind(name);
          budget.scan(text.length());
          return Value.of(check.test(text));
        });
  }

  private static Map.Entry<String, Method> all(String name, IntPredicate check) {
    return check(name, text -> !text.isEmpty() && text.codePoints().allMatch(check));
  }

  private static boolean hasCase(String text) {
    return text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
  }

  private static boolean cased(String text, IntPredicate wanted, IntPredicate other) {
    return text.codePoints().anyMatch(wanted) && text.codePoints().noneMatch(other);
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = Character.charCount(text.codePointAt(0));
    return Character.toString(Character.toTitleCase(text.codePointAt(0)))
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean[] inWord = {false};
    text.codePoints()
        .forEach(
            c -> {
              out.appendCodePoint(inWord[0] ? Character.toLowerCase(c) : Character.toTitleCase(c));
              inWord[0] =
                  Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
            });
    return out.toString();
  }

  private static String swapCase(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .mapToObj(Character::toString)
        .map(
            c ->
                c.equals(c.toLowerCase(Locale.ROOT))
                    ? c.toUpperCase(Locale.ROOT)
                    : c.toLowerCase(Locale.ROOT))
        .forEach(out::append);
    return out.toString();
  }

  private static Map.Entry<String, Method> strip(String name, boolean start, boolean end) {
    return Map.entry(
        name,
        (budget, text, arguments) -> {
          Bound bound = arguments.bind(name, "chars");
          String characters = bound.given(0) ? bound.text(0) : null;
          budget.search(text, characters == null ? "" : characters);
          String left = start ? PythonText.stripStart(text, characters) : text;
          return budget.text(end ? PythonText.stripEnd(left, characters) : left);
        });
  }

  private static Value split(Budget budget, String text, Arguments arguments, boolean fromEnd) {
    Bound bound = arguments.bind(fromEnd ? "rsplit" : "split", "sep", "maxsplit");
    int most = bound.integer(1, -1);
    if (!bound.given(0)) {
      budget.scan(text.length());
      return Sequences.texts(budget, fromEnd ? wordsFromEnd(text, most) : words(text, most));
    }
    String separator = bound.text(0);
    if (separator.isEmpty()) {
      throw Fault.failure("split() wants a separator that is not empty");
    }
    budget.search(text, separator);
    return Sequences.texts(
        budget, fromEnd ? cutFromEnd(text, separator, most) : cut(text, separator, most));
  }

  private static List<String> words(String text, int most) {
    List<String> words = new ArrayList<>();
    int at = PythonText.skipSpace(text, 0);
    while (at < text.length()) {
      if (most >= 0 && words.size() == most) {
        words.add(text.substring(at));
        break;
      }
      int end = at;
      while (end < text.length() && !PythonText.isSpace(text.charAt(end))) {
        end++;
      }
      words.add(text.substring(at, end));
      at = PythonText.skipSpace(text, end);
    }
    return words;
  }

  private static List<String> wordsFromEnd(String text, int most) {
    List<String> words = new ArrayList<>();
    String rest = PythonText.stripEnd(text, null);
    int end = rest.length();
    while (end > 0) {
      if (most >= 0 && words.size() == most) {
        words.add(rest.substring(0, end));
        break;
      }
      int start = end;
      while (start > 0 && !PythonText.isSpace(rest.charAt(start - 1))) {
        start--;
      }
      words.add(rest.substring(start, end));
      end = start;
      while (end > 0 && PythonText.isSpace(rest.charAt(end - 1))) {
        end--;
      }
    }
    Collections.reverse(words);
    return words;
  }

  private static List<String> cut(String text, String separator, int most) {
    List<String> parts = new ArrayList<>();
    int start = 0;
    int found = text.indexOf(separator);
    while (found >= 0 && (most < 0 || parts.size() < most)) {
      parts.add(text.substring(start, found));
      start = found + separator.length();
      found = text.indexOf(separator, start);
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static List<String> cutFromEnd(String text, String separator, int most) {
    List<String> parts = new ArrayList<>();
    int end = text.length();
    int found = text.lastIndexOf(separator);
    while (found >= 0 && (most < 0 || parts.size() < most)) {
      parts.add(text.substring(found + separator.length(), end));
      end = found;
      found = end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length());
    }
    parts.add(text.substring(0, end));
    Collections.reverse(parts);
    return parts;
  }

  private static Value splitLines(Budget budget, String text, Arguments arguments) {
    budget.scan(text.length());
    boolean keep = arguments.bind("splitlines", "keepends").flag(0, false);
    return Sequences.texts(budget, PythonText.lines(text, keep));
  }

  private static Value join(Budget budget, String text, Arguments arguments) {
    Value items = arguments.bind("join", "iterable").require(0);
    List<Value> texts = Sequences.items(budget, items);
    for (Value item : texts) {
      if (!(item instanceof Str)) {
        throw Fault.failure("join() wants strings, not a " + item.type());
      }
    }
    return new Str(Printer.join(budget, texts, text));
  }

  private static Value replace(Budget budget, String text, Arguments arguments) {
    Bound bound = arguments.bind("replace", "old", "new", "count");
    bound.require(1);
    return new Str(replace(budget, text, bound.text(0), bound.text(1), bound.integer(2, -1)));
  }

  /** {@code text.replace(old, replacement, most)}, each piece charged before it is made. */
  static String replace(Budget budget, String text, String old, String replacement, int most) {
    budget.search(text, old);
    budget.characters(text.length());
    StringBuilder out = new StringBuilder();
    int start = 0;
    int count = 0;
    int found = text.indexOf(old);
    while (found >= 0 && (most < 0 || count < most)) {
      budget.characters(replacement.length());
      out.append(text, start, found).append(replacement);
      count++;
      start = found + old.length();
      found = next(text, old, found);
    }
    return out.append(text, start, text.length()).toString();
  }

  /** The next place of a text to replace; an empty one stands before every character and last. */
  private static int next(String text, String old, int found) {
    if (!old.isEmpty()) {
      return text.indexOf(old, found + old.length());
    }
    return found == text.length() ? -1 : found + Character.charCount(text.codePointAt(found));
  }

  private static Value affix(Budget budget, String name, String whole, Arguments arguments) {
    Bound bound = arguments.bind(name, "affix", "start", "end");
    budget.scan(whole.length());
    String text = section(whole, bound);
    Value affix = bound.require(0);
    List<Value> affixes =
        affix instanceof Value.Sequence several ? several.items() : List.of(affix);
    for (Value each : affixes) {
      if (!(each instanceof Str part)) {
        throw Fault.failure(name + "() wants a string or a tuple of them, not a " + each.type());
      }
      budget.step();
      if (name.equals("endswith") ? text.endsWith(part.value()) : text.startsWith(part.value())) {
        return Value.Bool.TRUE;
      }
    }
    return Value.Bool.FALSE;
  }

  /** The part of a text that the second and third argument name. */
  private static String section(String text, Bound bound) {
    if (!bound.given(1) && !bound.given(2)) {
      return text;
    }
    int length = PythonText.length(text);
    int start = place(bound.given(1) ? bound.integer(1, 0) : 0, length);
    int end = place(bound.given(2) ? bound.integer(2, length) : length, length);
    return start >= end
        ? ""
        : text.substring(PythonText.index(text, start), PythonText.index(text, end));
  }

  private static int place(int index, int length) {
    return Math.clamp(index < 0 ? (long) index + length : index, 0, length);
  }

  private static Value removePrefix(Budget budget, String text, Arguments arguments) {
    String prefix = arguments.bind("removeprefix", "prefix").text(0);
    return budget.text(text.startsWith(prefix) ? text.substring(prefix.length()) : text);
  }

  private static Value removeSuffix(Budget budget, String text, Arguments arguments) {
    String suffix = arguments.bind("removesuffix", "suffix").text(0);
    int end = text.endsWith(suffix) ? text.length() - suffix.length() : text.length();
    return budget.text(text.substring(0, end));
  }

  private static Value find(Budget budget, String name, String text, Arguments arguments) {
    Bound bound = arguments.bind(name, "sub", "start", "end");
    String wanted = bound.text(0);
    budget.search(text, wanted);
    String part = section(text, bound);
    int found = name.startsWith("r") ? part.lastIndexOf(wanted) : part.indexOf(wanted);
    if (found < 0 && name.endsWith("index")) {
      throw Fault.failure(name + "() did not find its text");
    }
    int length = PythonText.length(text);
    int start = bound.given(1) ? place(bound.integer(1, 0), length) : 0;
    return Value.of(found < 0 ? -1 : start + (long) part.codePointCount(0, found));
  }

  private static Value count(Budget budget, String text, Arguments arguments) {
    Bound bound = arguments.bind("count", "sub", "start", "end");
    String wanted = bound.text(0);
    budget.search(text, wanted);
    String part = section(text, bound);
    if (wanted.isEmpty()) {
      return Value.of(PythonText.length(part) + 1L);
    }
    long count = 0;
    for (int i = part.indexOf(wanted); i >= 0; i = part.indexOf(wanted, i + wanted.length())) {
      count++;
    }
    return Value.of(count);
  }

  private static Value partition(Budget budget, String text, Arguments arguments, boolean fromEnd) {
    String separator = arguments.bind("partition", "sep").text(0);
    if (separator.isEmpty()) {
      throw Fault.failure("partition() wants a separator that is not empty");
    }
    budget.search(text, separator);
    int found = fromEnd ? text.lastIndexOf(separator) : text.indexOf(separator);
    Str whole = budget.text(text);
    if (found < 0) {
      return fromEnd
          ? Sequences.tuple(budget, Value.Str.EMPTY, Value.Str.EMPTY, whole)
          : Sequences.tuple(budget, whole, Value.Str.EMPTY, Value.Str.EMPTY);
    }
    Str after = new Str(text.substring(found + separator.length()));
    return Sequences.tuple(budget, new Str(text.substring(0, found)), new Str(separator), after);
  }

  private static Map.Entry<String, Method> pad(String name, char align) {
    return Map.entry(
        name,
        (budget, text, arguments) -> {
          Bound bound = arguments.bind(name, "width", "fillchar");
          bound.require(0);
          String fill = bound.text(1, " ");
          if (PythonText.length(fill) != 1) {
            throw Fault.failure(name + "() wants one character to fill with");
          }
          return pad(budget, text, bound.integer(0, 0), fill, align);
        });
  }

  /** Padded to a width; {@code ^} puts the odd one where Python's {@code center} does. */
  static Value pad(Budget budget, String text, int width, String fill, char align) {
    long missing = Math.max(0, (long) width - PythonText.length(text));
    long odd = missing & width & 1;
    long before = align == '>' ? missing : align == '^' ? missing / 2 + odd : 0;
    budget.characters(text.length() + missing * fill.length());
    return new Str(fill.repeat((int) before) + text + fill.repeat((int) (missing - before)));
  }

  private static Value zeroFill(Budget budget, String text, Arguments arguments) {
    Bound bound = arguments.bind("zfill", "width");
    bound.require(0);
    boolean signed = text.startsWith("-") || text.startsWith("+");
    String body = signed ? text.substring(1) : text;
    int width = bound.integer(0, 0) - (signed ? 1 : 0);
    Value padded = pad(budget, body, width, "0", '>');
    return budget.text((signed ? text.substring(0, 1) : "") + ((Str) padded).value());
  }

  private static Value expandTabs(Budget budget, String text, Arguments arguments) {
    int size = Math.max(0, arguments.bind("expandtabs", "tabsize").integer(0, 8));
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        int blanks = size == 0 ? 0 : size - column % size;
        budget.characters(blanks);
        out.repeat(' ', blanks);
        column += blanks;
      } else {
        out.append(c);
        column = c == '\n' || c == '\r' ? 0 : column + (Character.isLowSurrogate(c) ? 0 : 1);
      }
    }
    return budget.text(out.toString());
  }
}
