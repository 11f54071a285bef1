package io.kanana.eval.ifeval;

import io.kanana.core.template.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Splits a sentence into words as the Penn Treebank does, with the details of NLTK, by which IFEval
 * counts words in capitals. Safe for use by several threads.
 */
final class TreebankWords {
  /** What is found, and what is put in its place. */
  private record Rule(Pattern found, String replacement) {
    Rule(String found, String replacement) {
      this(Pattern.compile(found, Pattern.UNICODE_CHARACTER_CLASS), replacement);
    }

    String apply(String text) {
      return found.matcher(text).replaceAll(replacement);
    }
  }

  private static final String W = PythonPattern.WORD;
  private static final String S = PythonPattern.SPACE;
  private static final String EDGE = PythonPattern.EDGE;
  private static final String APART = " $1 ";
  private static final String TWO = " $1 $2 ";

  private static final List<Rule> RULES =
      List.of(
          // quotes that open
          new Rule("([«“‘„]|`+)", APART),
          new Rule("\\A\"", "``"),
          new Rule("(``)", APART),
          new Rule("([ (\\[{<])(?:\"|'{2})", "$1 `` "),
          new Rule("(?i)(?<!" + W + ")(')(?!(?:re|ve|ll|[mtsdn])" + EDGE + ")(?=" + W + ")", "$1 "),
          // the full stop at the end, and other punctuation
          new Rule("([^.])(\\.)([\\])}>\"'»”’ ]*+)" + S + "*\\z", "$1 $2 $3 "),
          new Rule("([:,])(\\P{Nd})", " $1 $2"),
          new Rule("([:,])\\z", APART),
          new Rule("(\\.{2,})", APART),
          new Rule("([;@#$%&])", APART),
          new Rule("([‒–—―])", APART),
          new Rule("([^.])(\\.)([\\])}>\"']*)" + S + "*\\z", "$1 $2$3 "),
          new Rule("([?!])", APART),
          new Rule("([^'])' ", "$1 ' "),
          new Rule("([*])", APART),
          new Rule("([\\]\\[(){}<>])", APART),
          new Rule("(--)", APART),
          new Rule("\\A|\\z", " "),
          // quotes that close, and what is contracted
          new Rule("([»”’])", APART),
          new Rule("(''|\")", " '' "),
          new Rule(S + "+", " "),
          new Rule("([^' ])('[sS]|'[mM]|'[dD]|') ", "$1 $2 "),
          new Rule("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", "$1 $2 "),
          contraction("(can)(not)"),
          contraction("(d)('ye)"),
          contraction("(gim)(me)"),
          contraction("(gon)(na)"),
          contraction("(got)(ta)"),
          contraction("(lem)(me)"),
          contraction("(more)('n)"),
          new Rule("(?i)" + EDGE + "(wan)(na)(?=" + S + ")", TWO));

  private TreebankWords() {}

  private static Rule contraction(String parts) {
    return new Rule("(?i)" + EDGE + parts + EDGE, TWO);
  }

  static List<String> split(String sentence) {
    String text = sentence;
    for (Rule rule : RULES) {
      text = rule.apply(text);
    }
    List<String> words = new ArrayList<>();
    int start = PythonText.skipSpace(text, 0);
    while (start < text.length()) {
      int end = start;
      while (end < text.length() && !PythonText.isSpace(text.charAt(end))) {
        end++;
      }
      words.add(text.substring(start, end));
      start = PythonText.skipSpace(text, end);
    }
    return words;
  }
}
