package io.kanana.core.math;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One way to write what can be written in several: fractions and roots with braces, no spaces, no
 * units, no percent or degree signs, no words of layout (after Hendrycks et al. 2021, "Measuring
 * Mathematical Problem Solving With the MATH Dataset", and its grader).
 */
final class NormalForm {
  /** What is found, and what is put in its place. */
  private record Rule(Pattern found, String replacement) {
    Rule(String found, String replacement) {
      this(Pattern.compile(found), replacement);
    }

    String apply(String text) {
      return found.matcher(text).replaceAll(replacement);
    }
  }

  private static final String UNITS =
      "(?:square|cubic|sq\\.?|cu\\.?)?\\s*(?:units?|degrees?|dollars?|cents?|percent|points?|inch(?:es)?|in\\.?|feet|foot|ft|yards?"
          + "|miles?|mph|mm|cm|dm|km|m|meters?|metres?|centimeters?|kilometers?|grams?|kg|g|pounds?|lbs?|ounces?|liters?|litres?|ml"
          + "|seconds?|minutes?|hours?|hrs?|days?|weeks?|months?|years?|원|명|개|도|분|초|시간|일|년)";

  private static final List<Rule> LAYOUT =
      List.of(
          new Rule("\\\\\\(|\\\\\\)|\\\\\\$|\\$", ""),
          new Rule("\\\\(?:left|right|[bB]igg?[lr]?|displaystyle|limits)(?![a-zA-Z])", ""),
          new Rule("(?<!\\\\)\\\\(?:[!,;: ]|q?quad(?![a-zA-Z]))|~", " "),
          new Rule("\\\\[dtc]frac(?![a-zA-Z])", "\\\\frac"),
          new Rule("\\^\\s*(?:\\{\\s*\\\\circ\\s*\\}|\\\\circ(?![a-zA-Z]))|°", ""),
          new Rule("\\\\%|%|\\\\degree(?![a-zA-Z])", ""),
          new Rule("\\{,\\}", ","),
          new Rule("\\\\(?:le|leqslant)(?![a-zA-Z])|≤", "\\\\leq"),
          new Rule("\\\\(?:ge|geqslant)(?![a-zA-Z])|≥", "\\\\geq"),
          new Rule("\\\\(?:cdot|times|ast)(?![a-zA-Z])|×|·", "*"),
          new Rule("−", "-"),
          new Rule("π", "\\\\pi "),
          new Rule("∞", "\\\\infty "),
          new Rule("√", "\\\\sqrt "),
          new Rule("\\\\(?:mathrm|mathbf|textbf|textrm|textit|mbox|rm)(?![a-zA-Z])", "\\\\text"));

  private static final Pattern WORDS =
      Pattern.compile("\\\\text\\s*\\{([^{}]*)\\}(?:\\s*\\^\\s*\\{?[23]\\}?)?");
  private static final Pattern WITH_UNIT =
      Pattern.compile("(?i)(.*[\\d})])\\s*(?:" + UNITS + ")(?:\\^\\{?[23]\\}?|[²³])?\\s*\\.?");
  private static final Pattern NAMED =
      Pattern.compile(
          "\\s*[a-zA-Z\\\\]{1,2}(?:\\([a-z]\\))?\\s*(?:=|\\\\in(?![a-zA-Z]))(?!.*=)(.*)");
  private static final Pattern THOUSANDS =
      Pattern.compile("(?<![\\d.])\\d{1,3}(?:,\\d{3})+(?![\\d])");

  private static final List<Rule> SHAPE =
      List.of(
          new Rule("\\s+", ""),
          new Rule("(?<!\\d)\\.(?=\\d)", "0."),
          new Rule("(\\d)\\.0+(?!\\d)", "$1"),
          new Rule("(\\.\\d*?[1-9])0+(?!\\d)", "$1"),
          new Rule("\\\\sqrt([^\\[{\\\\])", "\\\\sqrt{$1}"),
          new Rule("\\\\sqrt(\\\\pi)", "\\\\sqrt{$1}"),
          new Rule("\\\\frac([^{\\\\])([^{\\\\])", "\\\\frac{$1}{$2}"),
          new Rule("\\\\frac([^{\\\\])\\{", "\\\\frac{$1}{"),
          new Rule("(\\\\frac\\{[^{}]*\\})([^{\\\\])", "$1{$2}"),
          new Rule("([_^])\\{(.)\\}", "$1$2"),
          new Rule("\\A(-?\\d+)/(\\d+)\\z", "\\\\frac{$1}{$2}"),
          new Rule("\\\\frac\\{-(\\d+)\\}", "-\\\\frac{$1}"),
          new Rule("\\\\begin\\{[pbvB]?matrix\\}", "\\\\begin{matrix}"),
          new Rule("\\\\end\\{[pbvB]?matrix\\}", "\\\\end{matrix}"),
          new Rule("\\.\\z", ""));

  private NormalForm() {}

  static String of(String answer) {
    String text = answer.replace('\n', ' ').strip();
    for (Rule rule : LAYOUT) {
      text = rule.apply(text);
    }
    text = withoutWords(text.strip()).strip();
    Matcher named = NAMED.matcher(text);
    if (named.matches()) {
      text = named.group(1).strip();
    }
    Matcher measured = WITH_UNIT.matcher(text);
    if (measured.matches()) {
      text = measured.group(1);
    }
    text = withoutThousands(text);
    for (Rule rule : SHAPE) {
      text = rule.apply(text);
    }
    return text;
  }

  /** Words of text are what the answer is, or else a unit or a remark that is no part of it. */
  private static String withoutWords(String text) {
    Matcher words = WORDS.matcher(text);
    if (words.matches()) {
      return choice(words.group(1).strip());
    }
    StringBuilder rest = new StringBuilder();
    while (words.find()) {
      String word = words.group(1).strip();
      boolean joins = word.matches("and|or|및|또는|,");
      words.appendReplacement(rest, Matcher.quoteReplacement(joins ? "," : " "));
    }
    return choice(words.appendTail(rest).toString().strip());
  }

  /** The letter of a choice, without its brackets. */
  private static String choice(String text) {
    return text.matches("\\([A-Z]\\)") ? text.substring(1, 2) : text;
  }

  /** Commas between groups of three digits, where they cannot separate the parts of a tuple. */
  private static String withoutThousands(String text) {
    return text.matches("[(\\[{\\\\].*[)\\]}].*")
            && text.indexOf(',') >= 0
            && !text.startsWith("\\frac")
        ? text
        : THOUSANDS.matcher(text).replaceAll(found -> found.group().replace(",", ""));
  }
}
