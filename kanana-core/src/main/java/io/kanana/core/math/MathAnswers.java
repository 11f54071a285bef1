package io.kanana.core.math;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Whether two final answers are the same. They are if their normal forms are the same text (which
 * is all that the grader of MATH asks); or if both are formulas of the same value, wherever their
 * letters stand for the same numbers; or if both are tuples, intervals, sets, lists, unions or
 * matrices of such parts. Sets, unions and bare lists have no order.
 *
 * <p>This accepts what a person would, such as {@code 1/2} for {@code 0.5} and {@code x+1} for
 * {@code 1+x}; rounded numbers are not accepted: {@code 0.333} is no third. Percent signs and units
 * are no part of an answer: {@code 50\%} is {@code 50}, and not {@code 0.5}.
 */
public final class MathAnswers {
  private static final int LONGEST = 2000;
  private static final double TOLERANCE = 1e-9;
  private static final int POINTS = 5;
  private static final String MATRIX = "\\begin{matrix}";
  private static final String MATRIX_END = "\\end{matrix}";

  private MathAnswers() {}

  /** Both as TeX, without the box. An empty answer is not even the same as itself. */
  public static boolean equivalent(String given, String expected) {
    if (given.isBlank() || given.length() > LONGEST || expected.length() > LONGEST) {
      return false;
    }
    return same(NormalForm.of(given), NormalForm.of(expected));
  }

  private static boolean same(String first, String second) {
    if (first.isEmpty() || second.isEmpty()) {
      return false;
    }
    return first.equalsIgnoreCase(second) || sameValue(first, second) || sameParts(first, second);
  }

  private static boolean sameValue(String first, String second) {
    if (isWord(first) || isWord(second)) {
      return false;
    }
    for (int point = 0; point < POINTS; point++) {
      Map<Character, Double> letters = letters(point);
      OptionalDouble one = TexValue.of(first, letters);
      OptionalDouble other = TexValue.of(second, letters);
      if (one.isEmpty() || other.isEmpty() || !close(one.getAsDouble(), other.getAsDouble())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isWord(String text) {
    return text.length() > 2 && text.chars().allMatch(Character::isLetter);
  }

  private static boolean close(double one, double other) {
    return Math.abs(one - other) <= TOLERANCE * Math.max(Math.abs(one), Math.abs(other));
  }

  /** Numbers for letters, none of which is a simple combination of others. */
  private static Map<Character, Double> letters(int point) {
    Map<Character, Double> letters = new HashMap<>();
    for (char c = 'a'; c <= 'z'; c++) {
      letters.put(c, 1 + Math.sqrt(2 + (c - 'a') * POINTS + point));
      letters.put(Character.toUpperCase(c), 7 + Math.cbrt(3 + (c - 'a') * POINTS + point));
    }
    return letters;
  }

  private static boolean sameParts(String first, String second) {
    if (first.startsWith(MATRIX) && second.startsWith(MATRIX)) {
      return sameList(cells(first), cells(second));
    }
    List<String> ones = split(first, "\\cup");
    List<String> others = split(second, "\\cup");
    if (ones.size() > 1 && others.size() > 1) {
      return sameSet(ones, others);
    }
    ones = elements(first);
    others = elements(second);
    boolean smaller = isEnclosed(first) && isEnclosed(second);
    if (ones.size() + others.size() == 2 && !smaller) {
      return false;
    }
    if (isOrdered(first) && isOrdered(second)) {
      return bounds(first).equals(bounds(second)) && sameList(ones, others);
    }
    return isOrdered(first) == isOrdered(second) && sameSet(ones, others);
  }

  /** A tuple or an interval. */
  private static boolean isOrdered(String text) {
    return isEnclosed(text) && !text.startsWith("\\{");
  }

  private static String bounds(String text) {
    return text.substring(0, 1) + text.charAt(text.length() - 1);
  }

  /** Whether the first bracket, but a brace that only groups, is closed by the last character. */
  private static boolean isEnclosed(String text) {
    int start = text.startsWith("\\{") ? 1 : 0;
    if (text.length() < start + 2 || (start == 0 && "([".indexOf(text.charAt(0)) < 0)) {
      return false;
    }
    int depth = 0;
    for (int i = start; i < text.length(); i++) {
      depth += Braces.step(text.charAt(i));
      if (depth == 0) {
        return i == text.length() - 1;
      }
    }
    return false;
  }

  private static List<String> elements(String text) {
    boolean set = text.startsWith("\\{");
    String inside = text;
    if (isEnclosed(text)) {
      inside = text.substring(set ? 2 : 1, text.length() - (set ? 2 : 1));
    }
    List<String> elements = new ArrayList<>();
    for (String element : split(inside, ",")) {
      if (element.indexOf("\\pm") >= 0 && element.indexOf("\\pm") == element.lastIndexOf("\\pm")) {
        elements.add(element.replace("\\pm", "+"));
        elements.add(element.replace("\\pm", "-"));
      } else {
        elements.add(element);
      }
    }
    return elements;
  }

  /** The parts between separators that are in no brackets. */
  private static List<String> split(String text, String separator) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      depth += Braces.step(text.charAt(i));
      if (depth <= 0 && text.startsWith(separator, i)) {
        parts.add(text.substring(start, i));
        start = i + separator.length();
        depth = 0;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static List<String> cells(String matrix) {
    String inside = matrix.substring(MATRIX.length()).replace(MATRIX_END, "");
    List<String> cells = new ArrayList<>();
    for (String row : inside.split("\\\\\\\\", -1)) {
      cells.addAll(List.of(row.split("&", -1)));
      cells.add(";");
    }
    while (cells.size() >= 2 && cells.get(cells.size() - 2).isEmpty()) {
      cells.subList(cells.size() - 2, cells.size()).clear(); // after a last line break
    }
    return cells;
  }

  private static boolean sameList(List<String> ones, List<String> others) {
    if (ones.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < ones.size(); i++) {
      if (!same(ones.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameSet(List<String> ones, List<String> others) {
    List<String> left = new ArrayList<>(others);
    for (String one : ones) {
      int found = 0;
      while (found < left.size() && !same(one, left.get(found))) {
        found++;
      }
      if (found == left.size()) {
        return false;
      }
      left.remove(found);
    }
    return left.isEmpty();
  }
}
