package io.kanana.eval.ifeval;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kanana.core.template.PythonText;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What instructions without arguments of their own, or with simple ones, look for in a text. */
final class TextChecks {
  private static final String SPACE = PythonPattern.SPACE;
  private static final Pattern DIVIDER = PythonPattern.of(SPACE + "?\\*\\*\\*" + SPACE + "?");
  private static final Pattern STAR = PythonPattern.of("^" + SPACE + "*\\*[^*].*$");
  private static final Pattern DASH = PythonPattern.of("^" + SPACE + "*-.*$");
  private static final Pattern ITALIC = PythonPattern.of("\\*[^\\n*]*\\*");
  private static final Pattern BOLD = PythonPattern.of("\\*\\*[^\\n*]*\\*\\*");
  private static final Pattern TITLE = PythonPattern.of("<<[^\\n]+>>");
  private static final List<String> FENCES = List.of("```json", "```Json", "```JSON", "```");

  /** JSON as Python reads it: with NaN, and as long as it likes. */
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private TextChecks() {}

  /** Parts between dividers of three stars; blank ones count only as a mistake inside. */
  static boolean hasParagraphs(String text, int wanted) {
    String[] paragraphs = DIVIDER.split(text, -1);
    int count = paragraphs.length;
    for (int i = 0; i < paragraphs.length; i++) {
      if (PythonText.isBlank(paragraphs[i])) {
        if (i > 0 && i < paragraphs.length - 1) {
          return false;
        }
        count--;
      }
    }
    return count == wanted;
  }

  /** Parts between blank lines, of which one begins with a word, in lower case. */
  static boolean hasFirstWord(String text, int wanted, int nth, String word) {
    String[] paragraphs = text.split("\n\n", -1);
    int count = 0;
    for (String paragraph : paragraphs) {
      count += PythonText.isBlank(paragraph) ? 0 : 1;
    }
    if (nth > count || PythonText.isBlank(paragraphs[nth - 1])) {
      return false;
    }
    return count == wanted && firstWord(paragraphs[nth - 1]).equals(word);
  }

  /** Without quotation marks before it, up to a punctuation mark, in lower case. */
  private static String firstWord(String paragraph) {
    int start = PythonText.skipSpace(paragraph, 0);
    int end = start;
    while (end < paragraph.length() && !PythonText.isSpace(paragraph.charAt(end))) {
      end++;
    }
    String word = paragraph.substring(start, end);
    word = PythonText.stripStart(PythonText.stripStart(word, "'"), "\"");
    return lower(word.split("[.,?!'\"]", 2)[0]);
  }

  static int bullets(String text) {
    return PythonPattern.count(STAR, text) + PythonPattern.count(DASH, text);
  }

  /** Sections in stars, and once more those in double stars. */
  static int highlights(String text) {
    int count = 0;
    for (Pattern pattern : List.of(ITALIC, BOLD)) {
      Matcher matcher = pattern.matcher(text);
      while (matcher.find()) {
        String inside = PythonText.stripEnd(PythonText.stripStart(matcher.group(), "*"), "*");
        count += PythonText.isBlank(inside) ? 0 : 1;
      }
    }
    return count;
  }

  static boolean hasTitle(String text) {
    Matcher matcher = TITLE.matcher(text);
    while (matcher.find()) {
      String inside = PythonText.stripEnd(PythonText.stripStart(matcher.group(), "<"), ">");
      if (!PythonText.isBlank(inside)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is one value of JSON, in a fence or not. */
  static boolean isJson(String text) {
    String content = PythonText.strip(text);
    for (String fence : FENCES) {
      content = content.startsWith(fence) ? content.substring(fence.length()) : content;
    }
    content = content.endsWith("```") ? content.substring(0, content.length() - 3) : content;
    content = PythonText.strip(content);
    try {
      return !content.isEmpty() && !JSON.readTree(content).isMissingNode();
    } catch (JsonProcessingException _) {
      return false;
    }
  }

  /** Two different parts, with six stars between them. */
  static boolean isTwoResponses(String text) {
    List<String> parts = List.of(text.split(Pattern.quote("******"), -1));
    List<String> responses =
        parts.stream().filter(part -> !PythonText.isBlank(part)).map(PythonText::strip).toList();
    boolean blankInside =
        parts.stream().skip(1).limit(Math.max(0, parts.size() - 2)).anyMatch(PythonText::isBlank);
    return !blankInside
        && responses.size() == 2
        && !responses.getFirst().equals(responses.getLast());
  }

  static boolean endsWith(String text, String phrase) {
    String end = PythonText.stripEnd(PythonText.stripStart(PythonText.strip(text), "\""), "\"");
    return lower(end).endsWith(lower(phrase));
  }

  static boolean isQuoted(String text) {
    String content = PythonText.strip(text);
    return content.length() > 1 && content.startsWith("\"") && content.endsWith("\"");
  }

  /** How often a letter occurs, in either case. */
  static int occurrences(String text, int letter) {
    return (int) lower(text).codePoints().filter(c -> c == letter).count();
  }

  /** Whether there is a letter that has cases, and all that have are capitals. */
  static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
