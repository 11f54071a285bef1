package io.kanana.data.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentenceRuleTest {
  @Test
  void simpleEndsNeedWhiteSpaceBehindThem() {
    assertThat(SentenceRule.SIMPLE.split("One. Two?! (Three.) 3.14 is pi… \"So.\" end"))
        .containsExactly("One.", "Two?!", "(Three.)", "3.14 is pi…", "\"So.\"", "end");
    assertThat(SentenceRule.SIMPLE.split(" \n")).isEmpty();
  }

  @Test
  void englishAbbreviationsEndNothing() {
    assertThat(SentenceRule.ENGLISH.split("Mr. Kim paid 3.50 in the U.S. today. Did he? Yes!"))
        .containsExactly("Mr. Kim paid 3.50 in the U.S. today.", "Did he?", "Yes!");
  }

  @Test
  void koreanEndingsCloseASentenceWithoutAFullStop() {
    assertThat(SentenceRule.KOREAN.split("정말 재미있었어요 또 보고 싶네요 추천합니다! 바다로 갔다"))
        .containsExactly("정말 재미있었어요", "또 보고 싶네요", "추천합니다!", "바다로 갔다");
    assertThat(SentenceRule.KOREAN.split("값은 1.5이다. 다시 보자\n끝"))
        .containsExactly("값은 1.5이다.", "다시 보자", "끝");
  }

  @Test
  void blankSpansAreNoSentences() {
    char[] text = "  한다.  ".toCharArray();
    for (SentenceRule rule : SentenceRule.values()) {
      assertThat(rule.count(text, 0, text.length)).as("%s", rule).isEqualTo(1);
      assertThat(rule.count(text, 0, 2)).as("%s", rule).isZero();
    }
  }
}
