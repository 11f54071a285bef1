package io.kanana.data.extract;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a template of wikitext shows amid a sentence. A dump has the templates' names and not what
 * they do, so the few without which sentences of English and Korean pages have holes are known
 * here; all others show nothing.
 */
final class WikiTemplates {
  /** Their last parameter without a name is text. */
  private static final Set<String> LAST =
      Set.of(
          "lang", "llang", "math", "mvar", "nowrap", "transl", "small", "big", "nobr", "작은 글씨",
          "큰 글씨", "언어", "수학");

  /** Of these the first is. */
  private static final Set<String> FIRST =
      Set.of("val", "abbr", "nihongo", "한글", "ill", "interlanguage link");

  /** Of these the first is, or what stands at one of {@link #QUOTED}. */
  private static final Set<String> QUOTES =
      Set.of("quote", "blockquote", "cquote", "quotation", "인용문", "인용문2");

  private static final Pattern QUOTED = Pattern.compile("(?s)\\s*(?:text|quote)\\s*=(.*)");

  private static final Set<String> MEASURES = Set.of("convert", "cvt");

  private static final Map<String, String> SIGNS =
      Map.ofEntries(
          Map.entry("dash", " – "),
          Map.entry("snd", " – "),
          Map.entry("spnd", " – "),
          Map.entry("spaced ndash", " – "),
          Map.entry("spaced en dash", " – "),
          Map.entry("ndash", "–"),
          Map.entry("en dash", "–"),
          Map.entry("mdash", "—"),
          Map.entry("em dash", "—"),
          Map.entry("nbsp", " "),
          Map.entry("pi", "π"),
          Map.entry("=", "="));

  /** Between the numbers of a measure, and how it is written there. */
  private static final Map<String, String> JOINTS =
      Map.ofEntries(
          Map.entry("-", "–"),
          Map.entry("–", "–"),
          Map.entry("to", " to "),
          Map.entry("to(-)", " to "),
          Map.entry("and", " and "),
          Map.entry("and(-)", " and "),
          Map.entry("or", " or "),
          Map.entry("x", " × "),
          Map.entry("by", " by "));

  private static final Pattern NUMBER = Pattern.compile("[-+−]?\\d[\\d.,/+]{0,30}");
  private static final Pattern NAMED = Pattern.compile("(?s)\\s*[\\w-]{1,20}\\s*=.*");
  private static final String NUMBERS = "formatnum:";

  private WikiTemplates() {}

  /**
   * @param content what stands between the braces, with what the templates in it show
   */
  static String shown(String content) {
    int bar = content.indexOf('|');
    String name = (bar < 0 ? content : content.substring(0, bar)).strip().toLowerCase(Locale.ROOT);
    if (SIGNS.containsKey(name)) {
      return SIGNS.get(name);
    }
    if (name.startsWith(NUMBERS)) {
      return name.substring(NUMBERS.length()).strip();
    }
    return bar < 0 ? "" : shown(name, content.substring(bar + 1));
  }

  private static String shown(String name, String parameters) {
    boolean last = LAST.contains(name) || name.startsWith("lang-") || name.startsWith("llang-");
    if (last || FIRST.contains(name)) {
      List<String> unnamed = unnamed(parameters);
      return unnamed.isEmpty() ? "" : (last ? unnamed.getLast() : unnamed.getFirst()).strip();
    }
    return MEASURES.contains(name)
        ? measure(unnamed(parameters))
        : QUOTES.contains(name) ? quote(parameters) : "";
  }

  /** Numbers and the unit they were measured in, not those that a page converts them to. */
  private static String measure(List<String> parameters) {
    StringBuilder shown = new StringBuilder();
    for (String parameter : parameters) {
      String part = parameter.strip();
      if (NUMBER.matcher(part).matches()) {
        shown.append(part);
      } else if (JOINTS.containsKey(part)) {
        shown.append(JOINTS.get(part));
      } else {
        return shown.append(' ').append(unit(part)).toString();
      }
    }
    return shown.toString();
  }

  private static String unit(String unit) {
    return unit.matches("[a-zµ]{1,3}[23]")
        ? unit.substring(0, unit.length() - 1) + (unit.endsWith("2") ? '²' : '³')
        : unit;
  }

  private static String quote(String parameters) {
    List<String> all = split(parameters);
    for (String parameter : all) {
      var named = QUOTED.matcher(parameter);
      if (named.matches()) {
        return named.group(1).strip();
      }
    }
    List<String> unnamed = unnamed(parameters);
    return unnamed.isEmpty() ? "" : unnamed.getFirst().strip();
  }

  private static List<String> unnamed(String parameters) {
    List<String> unnamed = new ArrayList<>();
    for (String parameter : split(parameters)) {
      if (parameter.startsWith("1=")) {
        unnamed.add(parameter.substring(2));
      } else if (!NAMED.matcher(parameter).matches()) {
        unnamed.add(parameter);
      }
    }
    return unnamed;
  }

  /** At the bars that stand in no link. */
  private static List<String> split(String parameters) {
    List<String> split = new ArrayList<>();
    int from = 0;
    int links = 0;
    for (int i = 0; i <= parameters.length(); i++) {
      char c = i < parameters.length() ? parameters.charAt(i) : '|';
      links += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (c == '|' && (links <= 0 || i == parameters.length())) {
        split.add(parameters.substring(from, i));
        from = i + 1;
      }
    }
    return split;
  }
}
