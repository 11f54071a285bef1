package io.kanana.core.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.error.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The hand-written scanners agree with the regular expressions they stand for. */
class ScannerTest {
  private static final String[] PIECES = {
    "a", "Z", "s", "S", "t", "re", "LL", "'", "'s", "'ſ", "'LL", "ve", "가", "힣", "é", "e\u0301",
    " ", "  ", "\t", "\n", "\r\n", "\u00A0", "\u3000", "\u0085", "\u2028", "\u001C", "\u200B", "1",
    "12", "1234", "½", "٣", "𝟘", "!", ".", "?!", "<|", "😀", "𖵀", "\uFEFF", "_", "-", "Ⅷ"
  };

  @ParameterizedTest
  @ValueSource(strings = {Llama3Scanner.LLAMA_3, Llama3Scanner.QWEN_2, Gpt2Scanner.GPT_2})
  void agreesWithTheRegularExpression(String pattern) {
    SplitPattern scanner = SplitPattern.regex(pattern);
    RegexPattern regex = new RegexPattern(pattern);
    Random random = new Random(11);
    for (int n = 0; n < 20_000; n++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(14); i >= 0; i--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      assertThat(spans(scanner, text.toString())).isEqualTo(spans(regex, text.toString()));
    }
  }

  /** Of each category of Unicode many characters, next to letters, digits, spaces and marks. */
  @ParameterizedTest
  @ValueSource(strings = {Llama3Scanner.LLAMA_3, Llama3Scanner.QWEN_2, Gpt2Scanner.GPT_2})
  void agreesOnAllCategoriesOfCharacters(String pattern) {
    SplitPattern scanner = SplitPattern.regex(pattern);
    RegexPattern regex = new RegexPattern(pattern);
    Map<Integer, List<Integer>> categories = categories();
    assertThat(categories).hasSize(29);
    Random random = new Random(12);
    List<List<Integer>> all = List.copyOf(categories.values());
    for (int n = 0; n < 20_000; n++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(10); i >= 0; i--) {
        List<Integer> category = all.get(random.nextInt(all.size()));
        text.appendCodePoint(category.get(random.nextInt(category.size())));
        text.append(PIECES[random.nextInt(PIECES.length)], 0, 1);
      }
      String wellFormed = new String(Text.of(text.toString(), false).chars());
      assertThat(spans(scanner, wellFormed)).isEqualTo(spans(regex, wellFormed));
    }
  }

  /** Surrogates are no characters. */
  private static Map<Integer, List<Integer>> categories() {
    return IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(c -> Character.getType(c) != Character.SURROGATE)
        .boxed()
        .collect(Collectors.groupingBy(Character::getType));
  }

  @Test
  void aPreTokenizerWithAScannerCutsAsTheScannerDoes() {
    SplitPattern llama3 = SplitPattern.regex(Llama3Scanner.LLAMA_3);
    PreTokenizer words = new PreTokenizer.Split(llama3, PreTokenizer.Behavior.ISOLATED, false);
    PreTokenizer bytes = new PreTokenizer.ByteLevel(false, true, false);
    PreTokenizer gpt2 = new PreTokenizer.ByteLevel(false, true, true);
    for (PreTokenizer cutting :
        List.of(words, gpt2, new PreTokenizer.Sequence(List.of(words, bytes)))) {
      String text = "It's 12345 words, 고양이  \n\n!? ";
      List<String> pieces = new ArrayList<>();
      cutting.split(
          Text.of(text, false),
          0,
          text.length(),
          (t, from, to) -> pieces.add("true" + t.substring(from, to)));
      assertThat(spans(cutting.scanner(), text)).isEqualTo(pieces).hasSizeGreaterThan(5);
    }
    assertThat(new PreTokenizer.Sequence(List.of(words, gpt2)).scanner()).isNull();
    assertThat(new PreTokenizer.ByteLevel(true, true, true).scanner()).isNull();
    assertThat(new PreTokenizer.Split(llama3, PreTokenizer.Behavior.REMOVED, true).scanner())
        .isNull();
    assertThat(bytes.scanner()).isNull();
  }

  private static List<String> spans(TextPattern pattern, String text) {
    List<String> spans = new ArrayList<>();
    char[] chars = ("x" + text + "x").toCharArray();
    pattern.find(
        chars, 1, chars.length - 1, (s, e, m) -> spans.add(m + new String(chars, s, e - s)));
    return spans;
  }

  @Test
  @Tag("golden")
  void characterClassesAreThoseOfTheGoldenList() throws IOException {
    Path file = GoldenFiles.tokenizerDirectory().resolve("unicode-classes.json");
    Assumptions.assumeTrue(Files.exists(file), "no character classes");
    JsonNode json = GoldenFiles.JSON.readTree(file.toFile());
    BitSet letters = set(json.get("L"));
    BitSet numbers = set(json.get("N"));
    BitSet spaces = set(json.get("s"));
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        continue;
      }
      byte found = CharClasses.at(Character.toChars(c), 0);
      assertThat(found == CharClasses.LETTER).isEqualTo(letters.get(c));
      assertThat(found == CharClasses.NUMBER).isEqualTo(numbers.get(c));
      assertThat(found >= CharClasses.SPACE).isEqualTo(spaces.get(c));
    }
  }

  private static BitSet set(JsonNode json) {
    BitSet set = new BitSet();
    for (JsonNode range : json.get("ranges")) {
      String[] ends = range.textValue().split("-", 2);
      int last = Integer.parseInt(ends[ends.length - 1], 16);
      set.set(Integer.parseInt(ends[0], 16), last + 1);
    }
    return set;
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a+)+b", "(?:a|aa)+b", "(?:a|b)*c"})
  void aCostlyPatternIsStopped(String pattern) {
    char[] text = "a".repeat(50_000).toCharArray();
    assertThatThrownBy(() -> new RegexPattern(pattern).find(text, 0, text.length, (s, e, m) -> {}))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("too many steps");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"^a", "a$", "\\h", "[[:alpha:]]", "(a)\\1", "\\p{Foo}", "(?<n>a)", "(", "a{2}+"})
  void refusesConstructsThatDialectsReadDifferently(String pattern) {
    assertThatThrownBy(() -> SplitPattern.regex(pattern))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
