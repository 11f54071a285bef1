package io.kanana.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KoreanWordsTest {
  private static List<String> words(String text) {
    Words words = WordRule.KOREAN.of(text);
    return IntStream.range(0, words.count()).mapToObj(words::word).toList();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "먹었다 | 먹 었 다",
        "학교에서 친구를 만났다. | 학교 에서 친구 를 만났 났 다 .",
        "했다 | 했 했 다",
        "갑니다 | 갑 갑니다",
        "도서관은 | 도서 관 은",
        "새로운 것은 아름다웠다 | 새로운 운 것 은 아름다웠 웠 다",
        "대한 | 대한 한",
        "좋아요 | 좋 아요",
        "3,000원 | 3,000 원",
        "2024-01-02 12:30 | 2024-01-02 12:30",
        "1.5% | 1.5 %",
        "v1.2 | v 1.2",
        "don't | don ' t",
        "C++ | C ++",
        "a_b | a _ b",
        "굿!!! 뭐?? | 굿 !!! 뭐 ??",
        "{{이름}}` | { { 이름 } } `",
        "--name=x | -- name = x",
        "정보:<https://a.org/b_c?d=1#e>. | 정보 : < https://a.org/b_c?d=1#e > .",
        "https://a.org/길 | https://a.org/ 길",
        "메일a.b@c.co.kr로 | 메일 a.b@c.co.kr 로",
        "www.a.com에서 | www.a.com 에서",
        "file.js/x.A | file.js / x . A",
        "#해시태그 @user a#b | #해시태그 @user a # b",
        "ㅋㅋㅋㅋ | ㅋㅋㅋㅋ",
        "😀😀♥ | 😀 😀 ♥"
      })
  void morphemesAreSpansAndTheRestStaysWhole(String text, String expected) {
    assertThat(words(text)).containsExactly(expected.split(" ", -1));
  }

  @Test
  void veryLongNumbersAreLeftOut() {
    assertThat(words("앞 12345678901234567890 뒤")).containsExactly("앞", "뒤");
    assertThat(words("앞1,234,567,890,123,456뒤")).containsExactly("앞", "뒤");
    assertThat(words("1234567890123456789")).containsExactly("1234567890123456789");
  }

  @Test
  void whatIsRememberedIsWhatWasFound() {
    String word = "만들어졌습니다(https://a.org).";
    List<String> once = words(word + "1");
    assertThat(words("처음 " + word + "1")).endsWith(once.toArray(String[]::new));
    assertThat(words(word + "1 ")).isEqualTo(once);
    assertThat(words("가나다".repeat(2_000))).isNotEmpty();
  }

  @Test
  void everyCharacterButSpacesIsInAWord() {
    String text = "값을 읽어옵니다: `x = \"가나\"`; 됐죠?\n\u0000 e\u0301 \uD83D끝 👨‍👩‍👧";
    Words words = WordRule.KOREAN.of(text);
    boolean[] covered = new boolean[text.length()];
    for (int i = 0; i < words.count(); i++) {
      for (int at = words.from(i); at < words.to(i); at++) {
        covered[at] = true;
      }
    }
    for (int i = 0; i < text.length(); i++) {
      assertThat(covered[i]).as("place %s", i).isEqualTo(!Characters.isSpace(text.charAt(i)));
    }
  }
}
