package io.kanana.core.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kanana.core.error.DataException;
import io.kanana.core.tokenizer.Tokenizer.Specials;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytePairTokenizerTest {
  private static final BytePairTokenizer TOKENIZER = train();

  private static BytePairTokenizer train() {
    List<String> specials = List.of("<|begin_of_text|>", "<|end_of_text|>", "<|im_start|>");
    String text = "the cat sat on the mat. 고양이가 매트에 앉았다. 123 1234\n".repeat(3);
    return new BpeTrainer(new BpeTrainer.Config(340, specials)).train(List.of(text).iterator(), 1);
  }

  private static String randomText(Random random, int length) {
    return random
        .ints(length, 0, 0x20000)
        .map(c -> random.nextBoolean() ? ' ' + c % 95 : c)
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  @Test
  void decodingUndoesEncoding() {
    Random random = new Random(3);
    for (int n = 0; n < 3_000; n++) {
      String text = randomText(random, random.nextInt(40));
      int[] ids = TOKENIZER.encode(text, Specials.NONE);
      assertThat(TOKENIZER.decode(ids, false)).isEqualTo(text);
      assertThat(TOKENIZER.encodeWithOffsets(text, Specials.NONE).ids()).isEqualTo(ids);
    }
  }

  @Test
  void streamsAreDecodedAsWholeTexts() {
    Random random = new Random(5);
    for (int n = 0; n < 3_000; n++) {
      int[] ids = random.ints(random.nextInt(20), 0, TOKENIZER.vocabularySize()).toArray();
      IncrementalDecoder decoder = TOKENIZER.decoder(true);
      StringBuilder text = new StringBuilder();
      for (int id : ids) {
        text.append(decoder.next(id));
      }
      text.append(decoder.flush());
      assertThat(text.toString()).isEqualTo(TOKENIZER.decode(ids, true));
    }
  }

  /**
   * One U+FFFD per maximal subpart (Unicode 16, section 3.9); Java's own decoder differs on EDA0.
   */
  @ParameterizedTest
  @CsvSource({
    "C080,2",
    "C3,1",
    "C361,1",
    "EDA0,2",
    "EDA080,3",
    "E080,2",
    "F08080,3",
    "F09F98,1",
    "F09F9861,1",
    "F4908080,4",
    "F5,1",
    "80,1",
    "E18080,0",
    "F09F9880,0",
    "FFFE,2",
    "E1A0C0E1A0,3"
  })
  void brokenBytesBecomeReplacementCharacters(String hex, long replacements) {
    int[] ids = new int[hex.length() / 2];
    for (int i = 0; i < ids.length; i++) {
      int b = HexFormat.fromHexDigits(hex, 2 * i, 2 * i + 2);
      ids[i] = TOKENIZER.tokenId(String.valueOf(ByteAlphabet.charOf(b))).orElseThrow();
    }
    String text = TOKENIZER.decode(ids, false);
    assertThat(text.chars().filter(c -> c == '\uFFFD').count()).isEqualTo(replacements);
  }

  @Test
  void aLoneSurrogateIsTheReplacementCharacter() {
    assertThat(TOKENIZER.encode("a\uD800b\uDC00", Specials.NONE))
        .isEqualTo(TOKENIZER.encode("a\uFFFDb\uFFFD", Specials.NONE));
  }

  @Test
  void manyThreadsGiveWhatOneGives() {
    Random random = new Random(1);
    List<String> texts = new ArrayList<>();
    for (int n = 0; n < 500; n++) {
      texts.add(randomText(random, 60));
    }
    List<int[]> many = TOKENIZER.encodeAll(texts, Specials.NONE, 4);
    for (int n = 0; n < texts.size(); n++) {
      assertThat(many.get(n)).isEqualTo(TOKENIZER.encode(texts.get(n), Specials.NONE));
    }
  }

  @Test
  void longAndShortPiecesMergeAlike() {
    Random random = new Random(2);
    for (int n = 0; n < 300; n++) {
      String word =
          random
              .ints(1 + random.nextInt(120), 0, 8)
              .mapToObj(i -> "thecatsm".substring(i, i + 1))
              .collect(Collectors.joining());
      BpeWorkspace space = new BpeWorkspace();
      TOKENIZER.parts().model().encode(word.toCharArray(), 0, word.length(), space);
      int[] found = Arrays.copyOf(space.ids, space.count);
      assertThat(found).isEqualTo(slowly(word));
    }
  }

  /** Merging by the definition: the lowest rank, leftmost first. */
  private static int[] slowly(String word) {
    List<Integer> ids = new ArrayList<>();
    word.chars().forEach(c -> ids.add(TOKENIZER.tokenId(Character.toString(c)).orElseThrow()));
    for (boolean merged = true; merged; ) {
      merged = false;
      for (BpeModel.Merge merge : TOKENIZER.parts().model().merges()) {
        for (int i = 0; i + 1 < ids.size() && !merged; i++) {
          if (ids.get(i) == merge.left() && ids.get(i + 1) == merge.right()) {
            String token = TOKENIZER.token(merge.left()) + TOKENIZER.token(merge.right());
            ids.set(i, TOKENIZER.tokenId(token).orElseThrow());
            ids.remove(/* index */ i + 1);
            merged = true;
          }
        }
        if (merged) {
          break;
        }
      }
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  @Test
  void refusesAnUnknownId() {
    assertThatThrownBy(() -> TOKENIZER.decode(new int[] {9_999}, false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("9999");
  }

  @Test
  @Tag("golden")
  void encodesAsLlama3() {
    String property = System.getProperty("kanana.llama3.tokenizer");
    Assumptions.assumeTrue(property != null, "kanana.llama3.tokenizer names no tokenizer.json");
    BytePairTokenizer tokenizer = Tokenizers.load(Path.of(property));
    Path golden = GoldenFiles.tokenizerDirectory();
    for (String file : List.of("llama3-cases.jsonl.gz", "llama3-ignore-merges.jsonl")) {
      for (JsonNode json : GoldenFiles.lines(golden.resolve(file))) {
        assertThat(tokenizer.encode(json.get("text").textValue(), Specials.PARSE))
            .as(json.get("id").textValue())
            .isEqualTo(GoldenFiles.ints(json.get("ids")));
      }
    }
  }
}
