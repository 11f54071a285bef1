package io.kanana.eval.ifeval;

import io.kanana.core.template.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A word of a text with its full stop, and what the full stop is thought to be. */
final class PunktToken {
  static final String NO_WORD = "[)\";}\\]*:@'({\\[‘’“”«»?!]";
  static final String NO_SPACE = "[^\\s\\x1c-\\x1f]";

  private static final String SPACE = PythonPattern.SPACE;
  private static final String SEVERAL = "(?:-{2,}|\\.{2,}|(?:\\." + SPACE + "){2,}\\.)";
  private static final String END = "(?:$|" + SPACE + "|" + NO_WORD + "|" + SEVERAL + ")";
  private static final String NO_START = "[(\"`{\\[:;&#*@)}\\]\\-,]";

  /** Several hyphens or dots; a word up to punctuation that cannot be inside; any character. */
  private static final Pattern TOKEN =
      Pattern.compile(
          String.join(
              "|",
              SEVERAL,
              "(?!" + NO_START + ")" + NO_SPACE + "+?(?=" + END + "|,(?=" + END + "))",
              NO_SPACE),
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final Pattern NUMBER = Pattern.compile("-?[.,]?\\p{Nd}[\\p{Nd},.-]*");
  private static final Pattern INITIAL = Pattern.compile("[\\p{L}\\p{Nl}\\p{No}_]\\.");
  private static final Pattern ELLIPSIS = Pattern.compile("\\.{2,}");
  private static final String NUMBER_TYPE = "##number##";

  private final String text;
  private final String type;
  private boolean endsSentence;
  private boolean abbreviation;

  private PunktToken(String text) {
    this.text = text;
    String lower = text.toLowerCase(Locale.ROOT);
    this.type = NUMBER.matcher(lower).matches() ? NUMBER_TYPE : lower;
  }

  /** The tokens of a text, none of which goes over the end of a line. */
  static List<PunktToken> of(String text) {
    List<PunktToken> tokens = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (!PythonText.isBlank(line)) {
        Matcher token = TOKEN.matcher(line);
        while (token.find()) {
          tokens.add(new PunktToken(token.group()));
        }
      }
    }
    return tokens;
  }

  /** What the word alone says. */
  void judge(PunktModel model) {
    if (text.equals(".") || text.equals("?") || text.equals("!")) {
      endsSentence = true;
    } else if (text.endsWith(".") && !text.endsWith("..")) {
      String word = text.substring(0, text.length() - 1).toLowerCase(Locale.ROOT);
      abbreviation =
          model.abbreviations().contains(word)
              || model.abbreviations().contains(word.substring(word.lastIndexOf('-') + 1));
      endsSentence = !abbreviation;
    }
  }

  /** What the word behind it says. */
  void judge(PunktModel model, PunktToken next) {
    if (!text.endsWith(".")) {
      return;
    }
    if (model.collocations().contains(typeWithoutStop() + "\t" + next.typeInSentence())) {
      endsSentence = false;
      abbreviation = true;
      return;
    }
    boolean initial = INITIAL.matcher(text).matches();
    if ((abbreviation || ELLIPSIS.matcher(text).matches()) && !initial) {
      endsSentence |=
          next.startsSentence(model) == Guess.YES
              || (next.isUpper() && model.starters().contains(next.typeInSentence()));
    }
    if (initial || typeWithoutStop().equals(NUMBER_TYPE)) {
      Guess guess = next.startsSentence(model);
      boolean name =
          initial
              && next.isUpper()
              && (model.context(next.typeInSentence()) & PunktModel.LOWER) == 0;
      if (guess == Guess.NO || (guess == Guess.UNKNOWN && name)) {
        endsSentence = false;
        abbreviation = true;
      }
    }
  }

  private enum Guess {
    YES,
    NO,
    UNKNOWN
  }

  /** Whether this is how a sentence begins, by the ways in which the word is written elsewhere. */
  private Guess startsSentence(PunktModel model) {
    if (text.length() == 1 && ";:,.!?".contains(text)) {
      return Guess.NO;
    }
    int context = model.context(typeInSentence());
    if (isUpper()
        && (context & PunktModel.LOWER) != 0
        && (context & PunktModel.INSIDE_UPPER) == 0) {
      return Guess.YES;
    }
    boolean neverBeginsLower =
        (context & PunktModel.UPPER) != 0 || (context & PunktModel.BEGINS_LOWER) == 0;
    return Character.isLowerCase(text.codePointAt(0)) && neverBeginsLower
        ? Guess.NO
        : Guess.UNKNOWN;
  }

  private boolean isUpper() {
    return Character.isUpperCase(text.codePointAt(0));
  }

  private String typeWithoutStop() {
    return type.length() > 1 && type.endsWith(".") ? type.substring(0, type.length() - 1) : type;
  }

  private String typeInSentence() {
    return endsSentence ? typeWithoutStop() : type;
  }

  boolean endsSentence() {
    return endsSentence;
  }
}
