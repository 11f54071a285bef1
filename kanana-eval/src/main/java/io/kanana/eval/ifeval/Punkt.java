package io.kanana.eval.ifeval;

import io.kanana.core.template.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a text into sentences (Kiss and Strunk 2006, "Unsupervised Multilingual Sentence Boundary
 * Detection", section 4), with the details of NLTK, by which IFEval counts. Given NLTK's model, it
 * gives NLTK's sentences. Safe for use by several threads.
 */
public final class Punkt {
  /** A mark that may end a sentence: punctuation follows, or white space and a word. */
  private static final Pattern MARK =
      Pattern.compile(
          "[.?!](?=("
              + PunktToken.NO_WORD
              + "|"
              + PythonPattern.SPACE
              + "+("
              + PunktToken.NO_SPACE
              + "+)))",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** What closes a sentence behind its mark. */
  private static final Pattern CLOSING =
      PythonPattern.of("[\"')\\]}‘’“”«»]+?(?:" + PythonPattern.SPACE + "+|(?=--)|$)");

  private final PunktModel model;

  public Punkt(PunktModel model) {
    this.model = model;
  }

  /** The sentences, without white space around them. */
  public List<String> split(String text) {
    List<String> sentences = new ArrayList<>();
    List<int[]> slices = slices(text);
    int moved = 0;
    for (int i = 0; i < slices.size(); i++) {
      int from = slices.get(i)[0] + moved;
      int to = slices.get(i)[1];
      moved = 0;
      if (i + 1 < slices.size()) {
        Matcher closing = CLOSING.matcher(slice(text, slices.get(i + 1)));
        if (closing.lookingAt()) {
          moved = closing.end();
          to = slices.get(i + 1)[0] + PythonText.stripEnd(closing.group(), null).length();
        }
      }
      if (from < to) {
        sentences.add(text.substring(from, to));
      }
    }
    return sentences;
  }

  private static String slice(String text, int[] bounds) {
    return text.substring(bounds[0], Math.max(bounds[0], bounds[1]));
  }

  /** Where sentences begin and end, but for what closes them. */
  private List<int[]> slices(String text) {
    List<int[]> slices = new ArrayList<>();
    int start = 0;
    for (Candidate candidate : candidates(text)) {
      if (isEnd(candidate.context())) {
        slices.add(new int[] {start, candidate.end()});
        start = candidate.next();
      }
    }
    slices.add(new int[] {start, PythonText.stripEnd(text, null).length()});
    return slices;
  }

  /**
   * A place that may be the end of a sentence.
   *
   * @param context the word before it, the mark, and what follows
   * @param next where the next sentence would begin
   */
  private record Candidate(String context, int wordStart, int wordEnd, int end, int next) {}

  /** Of marks within one word, only the last counts. */
  private static List<Candidate> candidates(String text) {
    List<Candidate> candidates = new ArrayList<>();
    Candidate previous = new Candidate("", 0, 0, 0, 0);
    Matcher mark = MARK.matcher(text);
    while (mark.find()) {
      int from = previous.wordEnd();
      int space = lastSpace(text, from, mark.start());
      int start = space > from ? space + 1 : previous.wordStart();
      if (previous.end() > 0 && from <= start) {
        candidates.add(previous);
      }
      previous =
          new Candidate(
              text.substring(start, mark.start()) + mark.group() + mark.group(1),
              start,
              mark.start(),
              mark.end(),
              mark.start(2) >= 0 ? mark.start(2) : mark.end());
    }
    if (previous.end() > 0) {
      candidates.add(previous);
    }
    return candidates;
  }

  private static int lastSpace(String text, int from, int to) {
    int at = to - 1;
    while (at >= from && " \t\n\r\u000b\f".indexOf(text.charAt(at)) < 0) {
      at--;
    }
    return at;
  }

  private boolean isEnd(String context) {
    List<PunktToken> tokens = PunktToken.of(context);
    tokens.forEach(token -> token.judge(model));
    for (int i = 0; i + 1 < tokens.size(); i++) {
      tokens.get(i).judge(model, tokens.get(i + 1));
      if (tokens.get(i).endsSentence()) {
        return true;
      }
    }
    return false;
  }
}
