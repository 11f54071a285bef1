package io.kanana.eval.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kanana.core.error.DataException;
import io.kanana.eval.request.Spaces;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Finds which choice an answer means, as {@code (B)}: by an expression, else by the text of a
 * choice that it holds, else by a letter after a colon. The choices are the document's field {@code
 * choices}.
 */
record ChoiceLetters(
    RegexFilter regex, boolean ignoreCase, boolean ignorePunctuation, List<Pattern> ignored) {
  private static final Pattern PUNCTUATION = Pattern.compile("\\p{IsPunctuation}");

  /** Marks that nothing was found; no answer holds it. */
  private static final String NOTHING = "\0";

  String extracted(String answer, ObjectNode document) {
    RegexFilter first = new RegexFilter(regex.pattern(), regex.select(), "");
    String letter = first.extracted(answer);
    if (!letter.isEmpty()) {
      return letter;
    }
    List<String> choices = choices(document);
    String byText = byText(answer, choices);
    if (!byText.isEmpty()) {
      return byText;
    }
    String byLetter = afterColon(choices.size()).extracted(answer);
    return byLetter.equals(NOTHING) ? regex.fallback() : "(" + byLetter + ")";
  }

  private String byText(String answer, List<String> choices) {
    Map<String, String> letters = new LinkedHashMap<>();
    for (int i = 0; i < choices.size(); i++) {
      letters.put(simplified(Spaces.strip(choices.get(i))), "(" + (char) ('A' + i) + ")");
    }
    List<String> longestFirst = new ArrayList<>(letters.keySet());
    longestFirst.sort(Comparator.comparingInt(choice -> -choice.length()));
    Pattern any =
        Pattern.compile(String.join("|", longestFirst.stream().map(Pattern::quote).toList()));
    String found = new RegexFilter(any, regex.select(), "").extracted(simplified(answer));
    return letters.getOrDefault(found, found);
  }

  private RegexFilter afterColon(int choices) {
    String letters = "[A-" + (char) ('A' + choices - 1) + "]";
    Pattern pattern = Pattern.compile(":\\s*(" + letters + ")", Pattern.UNICODE_CHARACTER_CLASS);
    return new RegexFilter(pattern, regex.select(), NOTHING);
  }

  private String simplified(String text) {
    String rest = text;
    for (Pattern pattern : ignored) {
      rest = pattern.matcher(rest).replaceAll("");
    }
    rest = ignoreCase ? rest.toLowerCase(Locale.ROOT) : rest;
    return ignorePunctuation ? PUNCTUATION.matcher(rest).replaceAll("") : rest;
  }

  private static List<String> choices(ObjectNode document) {
    JsonNode choices = document.path("choices");
    if (!choices.isArray() || choices.isEmpty()) {
      throw new DataException(
          "the filter multi_choice_regex reads the choices from the field \"choices\", a list; the document has "
              + (choices.isMissingNode() ? "none" : choices.toString()));
    }
    List<String> texts = new ArrayList<>();
    choices.forEach(choice -> texts.add(choice.asText()));
    return texts;
  }
}
