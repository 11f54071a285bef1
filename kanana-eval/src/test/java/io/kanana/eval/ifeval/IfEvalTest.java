package io.kanana.eval.ifeval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kanana.core.error.DataException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IfEvalTest {
  private final IfEval ifEval = new IfEval(PunktModel.usual());

  private InstructionVerdict check(String name, String arguments, String response)
      throws JsonProcessingException {
    return ifEval.check(List.of(name), List.of(new ObjectMapper().readTree(arguments)), response);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "detectable_format:bullets; {}; no instruction is called detectable_format:bullets",
        "length_constraints:number_words; {}; num_words is , and must be a whole number",
        "length_constraints:number_words; {\"num_words\": 1.5}; num_words is 1.5",
        "length_constraints:number_words; {\"num_words\": 2, \"relation\": \"about\"}; relation is"
            + " \"about\"",
        "keywords:existence; {\"keywords\": null}; keywords is null, and must be a list of texts",
        "keywords:existence; {\"keywords\": [\"(\"]}; \"(\" is no regular expression",
        "keywords:letter_frequency; {\"letter\": \"!\"}; \"!\" is no letter",
        "startend:end_checker; {\"end_phrase\": \"\"}; end_phrase is \"\"",
      })
  void wrongInstructionsAreNamed(String name, String arguments, String message) {
    assertThatThrownBy(() -> check(name, arguments, "x"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  @Test
  void everyInstructionHasArguments() {
    assertThatThrownBy(() -> ifEval.check(List.of("punctuation:no_comma"), List.of(), "x"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("1 instructions have 0 kwargs");
  }

  @Test
  void wordsAreCountedAsPythonDoes() throws JsonProcessingException {
    String three = "{\"num_words\": 3, \"relation\": \"at least\"}";
    // the vowel signs of Devanagari are no letters to it, and cut words
    assertThat(check("length_constraints:number_words", three, "हिंदी में").strict())
        .containsExactly(true);
    assertThat(check("length_constraints:number_words", three, "hindi in").strict())
        .containsExactly(false);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "{\"a\": NaN, \"b\": [1e999]}; true",
        "```json\\n{}\\n```; true",
        "{} {}; false",
        "{'a': 1}; false",
        "[1,]; false",
        "\"text\"; true",
      })
  void jsonIsWhatPythonReads(String text, boolean expected) throws JsonProcessingException {
    assertThat(check("detectable_format:json_format", "{}", text.replace("\\n", "\n")).strict())
        .containsExactly(expected);
  }

  @Test
  void looseForgivesLinesAroundAndStars() throws JsonProcessingException {
    String phrase = "{\"end_phrase\": \"The end.\"}";
    assertThat(check("startend:end_checker", phrase, "It was.\n**The end.**"))
        .isEqualTo(new InstructionVerdict(List.of(false), List.of(true)));
    assertThat(check("startend:end_checker", phrase, "The end.\nAnything else?"))
        .isEqualTo(new InstructionVerdict(List.of(false), List.of(true)));
    assertThat(check("startend:quotation", "{}", "Sure:\n\"x\"\nBye"))
        .isEqualTo(new InstructionVerdict(List.of(false), List.of(true)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "오늘은 날씨가 매우 좋아서 산책을 나갔습니다.; ko",
        "This is an ordinary sentence about the weather.; en",
        "Dies ist ein ganz gewöhnlicher Satz über das Wetter.; de",
        "これは天気についての普通の文です。; ja",
        "यह मौसम के बारे में एक साधारण वाक्य है।; hi",
      })
  void languages(String text, String language) {
    assertThat(ResponseLanguage.of(text)).contains(language);
  }

  @Test
  void digitsAreOfNoLanguage() {
    assertThat(ResponseLanguage.of("1234 5678")).isEmpty();
  }
}
