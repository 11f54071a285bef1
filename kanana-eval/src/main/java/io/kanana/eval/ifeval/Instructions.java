package io.kanana.eval.ifeval;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.error.DataException;
import io.kanana.core.template.PythonText;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** The 25 instructions of IFEval by their names. Safe for use by several threads. */
final class Instructions {
  private static final Pattern WORD = PythonPattern.of(PythonPattern.WORD + "+");
  private static final Pattern PLACEHOLDER = PythonPattern.of("\\[.*?\\]");
  private static final String SPACE = PythonPattern.SPACE;
  private static final List<String> ANSWERS =
      List.of("My answer is yes.", "My answer is no.", "My answer is maybe.");

  private final Map<String, Function<Arguments, Instruction>> known = new TreeMap<>();
  private final Punkt punkt;

  Instructions(PunktModel model) {
    this.punkt = new Punkt(model);
    keywords();
    lengths();
    contents();
    formats();
    cases();
  }

  /**
   * An instruction of a prompt.
   *
   * @throws DataException where there is none of this name, or its arguments are wrong
   */
  Instruction of(String name, JsonNode arguments) {
    Function<Arguments, Instruction> kind = known.get(name);
    if (kind == null) {
      throw new DataException(
          "IFEval: no instruction is called " + name + "; there are " + known.keySet());
    }
    return kind.apply(new Arguments(name, arguments));
  }

  private void keywords() {
    known.put(
        "keywords:existence",
        arguments -> {
          List<Pattern> keywords = patterns(arguments.texts("keywords"), "", "");
          return text -> keywords.stream().allMatch(keyword -> keyword.matcher(text).find());
        });
    known.put(
        "keywords:frequency",
        arguments -> {
          Pattern keyword = PythonPattern.ignoringCase(arguments.stripped("keyword"));
          IntPredicate right = arguments.comparison("relation", "frequency");
          return text -> right.test(PythonPattern.count(keyword, text));
        });
    known.put(
        "keywords:forbidden_words",
        arguments -> {
          List<Pattern> words =
              patterns(arguments.texts("forbidden_words"), PythonPattern.EDGE, PythonPattern.EDGE);
          return text -> words.stream().noneMatch(word -> word.matcher(text).find());
        });
    known.put("keywords:letter_frequency", Instructions::letterFrequency);
  }

  private static List<Pattern> patterns(List<String> words, String before, String after) {
    return words.stream().map(word -> PythonPattern.ignoringCase(before + word + after)).toList();
  }

  private static Instruction letterFrequency(Arguments arguments) {
    String letter = TextChecks.lower(arguments.stripped("letter"));
    if (letter.length() != 1 || letter.charAt(0) < 'a' || letter.charAt(0) > 'z') {
      throw new DataException("IFEval: keywords:letter_frequency: \"" + letter + "\" is no letter");
    }
    IntPredicate right = arguments.comparison("let_relation", "let_frequency");
    return text -> right.test(TextChecks.occurrences(text, letter.charAt(0)));
  }

  private void lengths() {
    known.put(
        "length_constraints:number_sentences",
        arguments -> {
          IntPredicate right = arguments.comparison("relation", "num_sentences");
          return text -> right.test(punkt.split(text).size());
        });
    known.put(
        "length_constraints:number_words",
        arguments -> {
          IntPredicate right = arguments.comparison("relation", "num_words");
          return text -> right.test(PythonPattern.count(WORD, text));
        });
    known.put(
        "length_constraints:number_paragraphs",
        arguments -> {
          int wanted = arguments.number("num_paragraphs");
          return text -> TextChecks.hasParagraphs(text, wanted);
        });
    known.put(
        "length_constraints:nth_paragraph_first_word",
        arguments -> {
          int wanted = arguments.number("num_paragraphs");
          int nth = arguments.number("nth_paragraph");
          String word = TextChecks.lower(arguments.text("first_word"));
          return text -> TextChecks.hasFirstWord(text, wanted, nth, word);
        });
  }

  private void contents() {
    known.put(
        "detectable_content:number_placeholders",
        arguments -> {
          int wanted = arguments.number("num_placeholders");
          return text -> PythonPattern.count(PLACEHOLDER, text) >= wanted;
        });
    known.put(
        "detectable_content:postscript",
        arguments -> {
          Pattern postscript = postscript(arguments.stripped("postscript_marker"));
          return text -> postscript.matcher(TextChecks.lower(text)).find();
        });
    known.put("combination:two_responses", _ -> TextChecks::isTwoResponses);
    known.put(
        "combination:repeat_prompt",
        arguments -> {
          String prompt = TextChecks.lower(arguments.stripped("prompt_to_repeat"));
          return text -> TextChecks.lower(PythonText.strip(text)).startsWith(prompt);
        });
    known.put(
        "startend:end_checker",
        arguments -> {
          String phrase = arguments.stripped("end_phrase");
          return text -> TextChecks.endsWith(text, phrase);
        });
    known.put("startend:quotation", _ -> TextChecks::isQuoted);
    known.put("punctuation:no_comma", _ -> text -> text.indexOf(',') < 0);
  }

  private static Pattern postscript(String marker) {
    String found =
        switch (marker) {
          case "P.P.S" -> "p\\." + SPACE + "?p\\." + SPACE + "?s";
          case "P.S." -> "p\\." + SPACE + "?s\\.";
          default -> TextChecks.lower(marker);
        };
    return PythonPattern.of(SPACE + "*" + found + ".*$");
  }

  private void formats() {
    known.put(
        "detectable_format:number_bullet_lists",
        arguments -> {
          int wanted = arguments.number("num_bullets");
          return text -> TextChecks.bullets(text) == wanted;
        });
    known.put(
        "detectable_format:constrained_response",
        _ -> text -> ANSWERS.stream().anyMatch(text::contains));
    known.put(
        "detectable_format:number_highlighted_sections",
        arguments -> {
          int wanted = arguments.number("num_highlights");
          return text -> TextChecks.highlights(text) >= wanted;
        });
    known.put(
        "detectable_format:multiple_sections",
        arguments -> {
          Pattern section =
              PythonPattern.of(
                  SPACE
                      + "?"
                      + arguments.stripped("section_spliter")
                      + SPACE
                      + "?\\d+"
                      + SPACE
                      + "?");
          int wanted = arguments.number("num_sections");
          return text -> PythonPattern.count(section, text) >= wanted;
        });
    known.put("detectable_format:json_format", _ -> TextChecks::isJson);
    known.put("detectable_format:title", _ -> TextChecks::hasTitle);
  }

  private void cases() {
    known.put(
        "language:response_language",
        arguments -> {
          String language = arguments.text("language");
          return text -> ResponseLanguage.isIn(text, language);
        });
    known.put(
        "change_case:english_capital",
        _ -> text -> TextChecks.isUpper(text) && ResponseLanguage.isIn(text, "en"));
    known.put(
        "change_case:english_lowercase",
        _ -> text -> TextChecks.isLower(text) && ResponseLanguage.isIn(text, "en"));
    known.put(
        "change_case:capital_word_frequency",
        arguments -> {
          IntPredicate right = arguments.comparison("capital_relation", "capital_frequency");
          return text -> right.test(capitalWords(text));
        });
  }

  int capitalWords(String text) {
    return (int)
        punkt.split(text).stream()
            .flatMap(sentence -> TreebankWords.split(sentence).stream())
            .filter(TextChecks::isUpper)
            .count();
  }
}
